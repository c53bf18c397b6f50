// Tables: rows by keyboard, choosing rows, choosing columns. Rows that htmx appends join in.

function bodyRows(card) {
  return [...card.querySelectorAll("tbody > tr")];
}

function boxes(card) {
  return [...card.querySelectorAll('tbody input[name="chosen"]')];
}

function showChosen(card) {
  const all = boxes(card);
  let chosen = 0;
  for (const box of all) {
    box.closest("tr").classList.toggle("chosen", box.checked);
    chosen += box.checked ? 1 : 0;
  }
  const head = card.querySelector("[data-all]");
  if (head) { head.checked = chosen > 0 && chosen === all.length; head.indeterminate = chosen > 0 && chosen < all.length; }
  const bar = card.querySelector("[data-bulk]");
  if (!bar) return;
  const everything = bar.querySelector('input[name="everything"]');
  const some = chosen > 0 || Boolean(everything && everything.checked);
  bar.querySelector("[data-count]").textContent = String(chosen);
  bar.classList.toggle("some", some);
  bar.querySelectorAll("button").forEach((button) => { button.disabled = !some; });
}

// --- columns: chosen ones remembered in this browser

function columnsKept(card) {
  try { return JSON.parse(localStorage.getItem(`columns:${card.dataset.table}`)); } catch { return null; }
}

function showColumns(card, hidden) {
  card.querySelectorAll("[data-col]").forEach((cell) => { cell.hidden = hidden.includes(cell.dataset.col); });
}

function chooserBoxes(card) {
  return [...card.querySelectorAll("[data-chooser] input")];
}

function hiddenNow(card) {
  return chooserBoxes(card).filter((box) => !box.checked).map((box) => box.value);
}

function prepare(card) {
  const chooser = card.querySelector("[data-chooser]");
  if (chooser) {
    chooser.hidden = false;
    const kept = columnsKept(card);
    if (kept) chooserBoxes(card).forEach((box) => { box.checked = !kept.includes(box.value); });
    showColumns(card, hiddenNow(card));
  }
  const rows = bodyRows(card);
  const current = rows.find((row) => row.tabIndex === 0);
  rows.forEach((row) => { row.tabIndex = -1; });
  if (rows.length) (current || rows[0]).tabIndex = 0;
  showChosen(card);
}

function start() {
  document.querySelectorAll("[data-table]").forEach(prepare);
}

// --- events, once for all tables

let lastBox = null;

document.addEventListener("change", (event) => {
  const card = event.target.closest("[data-table]");
  if (!card) return;
  if (event.target.matches("[data-all]")) boxes(card).forEach((box) => { box.checked = event.target.checked; });
  if (event.target.closest("[data-chooser]")) {
    const hidden = hiddenNow(card);
    try { localStorage.setItem(`columns:${card.dataset.table}`, JSON.stringify(hidden)); } catch { /* not remembered */ }
    showColumns(card, hidden);
  }
  showChosen(card);
});

document.addEventListener("click", (event) => {
  const card = event.target.closest("[data-table]");
  if (!card) return;
  if (event.target.matches('input[name="chosen"]')) {
    if (event.shiftKey && lastBox && card.contains(lastBox)) chooseBetween(card, lastBox, event.target);
    lastBox = event.target;
    return;
  }
  const row = event.target.closest("tr[data-href]");
  if (!row || event.target.closest("a, button, input, label, summary, details") || String(getSelection())) return;
  const cell = event.target.closest("td.pick");
  if (cell) { cell.querySelector("input").click(); return; }
  open(row, event.ctrlKey || event.metaKey);
});

function chooseBetween(card, one, other) {
  const all = boxes(card);
  const [from, to] = [all.indexOf(one), all.indexOf(other)].sort((a, b) => a - b);
  all.slice(from, to + 1).forEach((box) => { box.checked = other.checked; });
  showChosen(card);
}

function open(row, beside) {
  if (beside) window.open(row.dataset.href, "_blank", "noopener");
  else location.assign(row.dataset.href);
}

function moveTo(card, row) {
  if (!row) return;
  bodyRows(card).forEach((other) => { other.tabIndex = other === row ? 0 : -1; });
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const row = event.target.closest && event.target.closest("[data-table] tbody > tr");
  if (!row || event.target !== row) return;
  const card = row.closest("[data-table]");
  const rows = bodyRows(card);
  const box = row.querySelector('input[name="chosen"]');
  const steps = {
    ArrowDown: () => moveTo(card, row.nextElementSibling),
    ArrowUp: () => moveTo(card, row.previousElementSibling),
    Home: () => moveTo(card, rows[0]),
    End: () => moveTo(card, rows[rows.length - 1]),
    " ": () => box && box.click(),
    Enter: () => row.dataset.href && open(row, event.ctrlKey || event.metaKey),
  };
  if (!steps[event.key] || event.altKey) return;
  event.preventDefault();
  steps[event.key]();
});

document.addEventListener("htmx:afterSettle", start);
start();
