// Lets people see the password they type and, for a new one, how hard it is to guess. Nothing leaves the page; where
// this fails, the fields stay as they are. The words stand on the page, in its language.

const words = document.getElementById("password-words").dataset;
const LEAST = Number(words.least); // characters
const FAIR_BITS = 50;
const STRONG_BITS = 75;

for (const field of document.querySelectorAll("input[type=password]")) {
  const tools = document.createElement("p");
  tools.className = "password-tools";
  tools.append(showButton(field));
  if (field.autocomplete === "new-password" && !field.id.endsWith("2")) tools.append(...meter(field));
  field.after(tools);
}

function showButton(field) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "usa-button usa-button--unstyled";
  button.setAttribute("aria-controls", field.id);
  const set = (shown) => {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? words.hide : words.show;
  };
  set(false);
  button.addEventListener("click", () => set(field.type === "password"));
  field.form.addEventListener("submit", () => set(false)); // a browser keeps what was typed into fields of text
  return button;
}

function meter(field) {
  const bar = document.createElement("meter");
  bar.max = 3;
  bar.low = 1.5;
  bar.high = 2.5;
  bar.optimum = 3;
  bar.setAttribute("aria-label", words.strength);
  const says = document.createElement("span");
  says.setAttribute("role", "status");
  const tell = () => {
    const strength = strengthOf(field.value);
    bar.value = strength;
    says.textContent = field.value ? [words.short, words.weak, words.fair, words.strong][strength] : "";
  };
  tell();
  field.addEventListener("input", tell);
  return [bar, says];
}

// 0: too short, 1: weak, 2: fair, 3: strong. Bits as if each sign were drawn from the kinds of signs used; a sign that
// repeats or continues the one before, or was there often already, counts for little.
function strengthOf(text) {
  const signs = [...text];
  if (signs.length < LEAST) return 0;
  const kinds = [[/[a-z]/, 26], [/[A-Z]/, 26], [/[0-9]/, 10], [/[^A-Za-z0-9]/, 33]];
  const pool = kinds.reduce((sum, [kind, size]) => sum + (kind.test(text) ? size : 0), 0);
  const different = new Set(signs).size;
  const fresh = signs.filter((sign, at) => {
    const step = at ? sign.codePointAt(0) - signs[at - 1].codePointAt(0) : 9;
    return Math.abs(step) > 1;
  }).length;
  const bits = Math.min(fresh, different * 2) * Math.log2(Math.min(pool, different * 3));
  return bits < FAIR_BITS ? 1 : bits < STRONG_BITS ? 2 : 3;
}
