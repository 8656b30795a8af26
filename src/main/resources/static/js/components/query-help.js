import { html } from 'htm/preact';

/** How names and values are written, for people who know another SQL. */
export function QueryHelp() {
  return html`
    <details class="queries no-print">
      <summary>How to write a query</summary>
      <dl class="query-help">
        <dt>Tables</dt>
        <dd>The path of a dataset in backquotes: <code>FROM \`samples/air/airports.csv\`</code>. The result of a job is one, too: <code>\`results/…\`</code> with its id.</dd>
        <dt>Columns</dt>
        <dd>As they are, or in backquotes if the name has a hyphen, a space or another sign: <code>\`Cost Repair\`</code>.</dd>
        <dt>Texts</dt>
        <dd>In single quotes; a quote that belongs to the text is written twice: <code>'O''Hare'</code>.</dd>
        <dt>Dates and times</dt>
        <dd>Written <code>DATE '2008-01-31'</code> and <code>TIMESTAMP '2008-01-31 12:00:00'</code>. Formats have the letters of <code>'yyyy-MM-dd'</code>: <code>to_date(day, 'dd.MM.yyyy')</code>.</dd>
        <dt>Values</dt>
        <dd>A name with a colon, such as <code>:year</code>, gets a field of its own.</dd>
        <dt>Errors</dt>
        <dd>What can be found before the query runs is marked here. What shows only later ends the job; its page marks the place, and “Change and run” leads back.</dd>
      </dl>
    </details>`;
}
