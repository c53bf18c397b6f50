// The condition builder: narrows the operators to the chosen word, suggests values, submits when a chip is closed.
// Everything it does the form can do without it.

let words = null;
let asked = null;

function load(form) {
  const address = form.dataset.builder;
  if (asked !== address) {
    asked = address;
    words = fetch(address, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : {}))
      .catch(() => ({}));
  }
  return words;
}

function option(value, label, chosen) {
  const made = document.createElement("option");
  made.value = value;
  made.textContent = label;
  made.selected = chosen;
  return made;
}

function fit(row, word) {
  const select = row.querySelector("[data-op]");
  if (!word) return;
  const before = select.value;
  const known = word.operators.some(([op]) => op === before);
  select.replaceChildren(...word.operators.map(([op, label], n) => option(op, label, known ? op === before : n === 0)));
  suggest(row, word);
}

function suggest(row, word) {
  const input = row.querySelector('[name="value"]');
  const bare = ["为空", "不为空"].includes(row.querySelector("[data-op]").value);
  row.querySelector("[data-value]").hidden = bare;
  const values = bare ? [] : word.values;
  row.closest("form").querySelector("#crowd-values").replaceChildren(...values.map((v) => option(v, "", false)));
  input.placeholder = word.hint || (values.length ? values[0] : "") + (word.unit ? ` ${word.unit}` : "");
  const picks = row.querySelector("[data-picks]");
  picks.replaceChildren(
    ...(values.length <= 12 ? values : []).map((value) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = value;
      button.addEventListener("click", () => pick(row, input, value));
      return button;
    }),
  );
}

function pick(row, input, value) {
  const several = ["属于", "不属于"].includes(row.querySelector("[data-op]").value);
  input.value = several && input.value ? `${input.value}、${value}` : value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  if (!several) row.closest("form").requestSubmit();
}

function complete(row) {
  const value = (name) => row.querySelector(`[name="${name}"]`).value.trim();
  return value("word") && value("op") && (value("value") || row.querySelector("[data-value]").hidden);
}

async function opened(row) {
  const form = row.closest("form");
  for (const other of form.querySelectorAll("details[data-row][open]")) if (other !== row) other.open = false;
  const input = row.querySelector("[data-word]");
  const all = await load(form);
  fit(row, all[input.value.trim()]);
  if (!matchMedia("(pointer: coarse)").matches) (row.hasAttribute("data-new") ? input : row.querySelector('[name="value"]')).focus();
}

document.addEventListener(
  "toggle",
  (event) => {
    const row = event.target;
    if (!(row instanceof HTMLElement) || !row.matches("[data-builder] details[data-row]")) return;
    if (row.open) opened(row);
    else if (row.dataset.changed && complete(row)) row.closest("form").requestSubmit();
  },
  true,
);

document.addEventListener("input", async (event) => {
  const row = event.target.closest?.("[data-builder] details[data-row]");
  if (!row) return;
  row.dataset.changed = "1";
  const all = await load(row.closest("form"));
  const word = all[row.querySelector("[data-word]").value.trim()];
  if (event.target.matches("[data-word]")) fit(row, word);
  else if (event.target.matches("[data-op]") && word) suggest(row, word);
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-builder] [data-now]")) event.target.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  for (const row of document.querySelectorAll("[data-builder] details[data-row][open]")) {
    if (row.contains(event.target) || (row.hasAttribute("data-new") && !row.dataset.changed && !row.closest("form").querySelector(".token"))) continue;
    row.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("[data-builder] details[data-row][open]");
  if (event.key === "Escape" && row) {
    delete row.dataset.changed;
    row.open = false;
    row.querySelector("summary").focus();
  }
});

for (const row of document.querySelectorAll("[data-builder] details[data-row][open]")) opened(row);
