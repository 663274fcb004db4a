/** Rows of one shape as a table with a line of titles. */
export function csvOf(rows) {
  const titles = Object.keys(rows[0] ?? {})
  const lines = rows.map((row) => titles.map((title) => quote(`${row[title]}`)).join(','))
  return `${[titles.join(','), ...lines].join('\r\n')}\r\n`
}

function quote(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
