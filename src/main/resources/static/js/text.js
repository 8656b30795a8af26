// Text that others wrote, such as names and words. Pure.

/** Characters without a look of their own that turn the text after them around. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** The end of a name that says what kind of file it is. */
const ENDING = /\.[a-z0-9]{1,5}$/i;

/** On one line and without marks of direction, for places that isolate no text: the tab's title, labels, notices. */
export function oneLine(text) {
  return text.replace(DIRECTION_MARKS, '').replace(CONTROLS, ' ');
}

/** The direction that a text is read in: paths and names of files keep their ending at the end, whatever their script. */
export function directionOf(text) {
  return text.includes('/') || ENDING.test(text) ? 'ltr' : 'auto';
}
