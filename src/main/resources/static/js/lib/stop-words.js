// English words that are frequent in any text and say little of one: articles, pronouns, prepositions, conjunctions and
// auxiliary verbs, old forms among them. A list of our own, by these classes of words. Pure.

export const STOP_WORDS = `
a an the this that these those
i me my mine myself we us our ours ourselves you your yours yourself yourselves thou thee thy thine ye
he him his himself she her hers herself it its itself they them their theirs themselves one
who whom whose which what whoever whatever each every either neither some any no none all both few many much more most
other others another such same own
about above across after against along amid among around as at before behind below beneath beside between beyond but by
down during for from in into like near of off on onto out over past since through throughout till to toward towards
under until unto up upon with within without
and or nor if because although though unless while whereas than whether so yet
am is are was were be been being have has had having hath do does did doing done doth will would shall should may might
must can could ought let
not only very too then there here now when where why how again once ever never also just still even
`
  .trim()
  .split(/\s+/);

/** Stands for the list above in an address, which would be long. */
export const STANDARD = '@en';

/** The API takes no longer addresses. */
const MAX_LENGTH = 12_000;

/** The words of a text that a reader has edited, in lower case, each once. */
export function wordsIn(text) {
  return [...new Set(text.toLowerCase().split(/[\s,]+/))].filter((word) => word !== '');
}

/** The items of a list as the value of a filter. */
export function listValue(items) {
  return items.map(encodeURIComponent).join(',');
}

/** The items of the value of a filter. */
export function listItems(value) {
  return value === STANDARD ? STOP_WORDS : value.split(',').map(decoded);
}

function decoded(item) {
  try {
    return decodeURIComponent(item);
  } catch {
    return item;
  }
}

/** The value of a filter for stop words: short if they are those above. */
export function stopValue(words) {
  const value = listValue(words);
  return value === listValue(STOP_WORDS) ? STANDARD : value;
}

/** Whether a list is too long for an address. */
export function isTooLong(words) {
  return encodeURIComponent(listValue(words)).length > MAX_LENGTH;
}
