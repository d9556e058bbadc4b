// The explorer's page. `mount` builds its controls in an element and asks for what follows from a choice through `ask`, which
// is a request to the server of the page, or a message to the kernel of a notebook.

const STEPS = 200; // positions of a slider
const REST = 60; // milliseconds: longer than a held key takes to repeat

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function atPosition(number, position) {
  const share = position / STEPS;
  const value = number.law === "log-uniform"
    ? number.low * (number.high / number.low) ** share
    : number.low + (number.high - number.low) * share;
  return Math.min(number.high, Math.max(number.low, Number(value.toPrecision(4))));
}

function positionOf(number, value) {
  if (number.high === number.low) return 0;
  const share = number.law === "log-uniform"
    ? Math.log(value / number.low) / Math.log(number.high / number.low)
    : (value - number.low) / (number.high - number.low);
  return Math.round(STEPS * share);
}

const shown = (value) => String(Number(value.toPrecision(4)));

export async function mount(root, ask) {
  const prefix = "e" + Math.random().toString(36).slice(2, 8);
  const controls = element("form", { "aria-label": "Choices", class: "controls" });
  const status = element("p", { role: "status", class: "headline" });
  const alert = element("p", { role: "alert", class: "alert" });
  const results = element("div", { class: "results" });
  const shares = element("div", { class: "shares" });
  root.classList.add("concert-explore");
  const saving = element("div");
  root.append(
    element("div", { class: "choices" }, controls, saving),
    element("div", { class: "answers" }, status, alert, results, shares),
  );
  controls.addEventListener("submit", (event) => event.preventDefault());

  let settings = null;
  let choice = null;
  let asked = 0; // number of the newest choice
  let busy = false;

  async function answered(request) {
    const answer = await ask(request);
    alert.textContent = answer.error || "";
    return answer.error ? null : answer;
  }

  // One request at a time; choices that came meanwhile are skipped but for the newest.
  async function update() {
    asked += 1;
    if (busy) return;
    busy = true;
    root.setAttribute("data-busy", "true");
    try {
      let done = 0;
      while (done < asked) {
        const now = asked;
        const request = { ...choice, numbers: { ...choice.numbers }, prefix };
        const view = await answered({ ask: "view", ...request });
        if (view) {
          results.innerHTML = view.html;
          if (status.textContent !== view.headline) status.textContent = view.headline;
          root.dataset.view = String(now);
        }
        done = now;
        if (!view) continue;
        // The shares take longer: they wait until a slider rests.
        await new Promise((resolve) => setTimeout(resolve, REST));
        if (now !== asked) continue;
        const sure = await answered({ ask: "shares", ...request });
        if (sure) {
          shares.innerHTML = sure.html;
          root.dataset.shares = String(now);
        }
      }
    } catch (failure) {
      alert.textContent = "No answer: " + failure.message;
    } finally {
      busy = false;
      root.removeAttribute("data-busy");
    }
  }

  function menu(name, label, entries, value) {
    const id = `${prefix}-${name}`;
    const select = element("select", { id, name });
    for (const [key, words] of entries) select.append(element("option", { value: key }, words));
    select.value = value;
    select.addEventListener("change", () => {
      if (name === "scenario") start(select.value);
      else {
        choice[name] = select.value;
        update();
      }
    });
    return element("div", { class: "menu" }, element("label", { for: id }, label), select);
  }

  function slider(number, index) {
    const id = `${prefix}-n${index}`;
    const range = element("input", {
      id, type: "range", min: 0, max: STEPS, step: 1, "data-path": number.path,
    });
    const box = element("input", {
      type: "number", step: "any", min: number.low, max: number.high, "aria-label": `${number.label}, exact value`,
    });
    const origin = positionOf(number, number.value);
    const set = (value) => {
      range.setAttribute("aria-valuetext", shown(value));
      if (value === number.value) delete choice.numbers[number.path];
      else choice.numbers[number.path] = value;
    };
    const reset = () => {
      range.value = origin;
      box.value = shown(number.value);
      box.removeAttribute("aria-invalid");
      set(number.value);
    };
    range.addEventListener("input", () => {
      const position = Number(range.value);
      const value = position === origin ? number.value : atPosition(number, position);
      box.value = shown(value);
      box.removeAttribute("aria-invalid");
      set(value);
      update();
    });
    box.addEventListener("change", () => {
      const value = box.valueAsNumber;
      if (!(value >= number.low && value <= number.high)) {
        box.setAttribute("aria-invalid", "true");
        alert.textContent = `${number.label}: the range is ${shown(number.low)} to ${shown(number.high)}.`;
        return;
      }
      box.removeAttribute("aria-invalid");
      range.value = positionOf(number, value);
      set(value);
      update();
    });
    reset();
    const line = element("div", { class: "line" }, range, box);
    return [element("div", { class: "slider" }, element("label", { for: id }, number.label), line), reset];
  }

  async function start(scenario) {
    const found = await answered({ ask: "settings", scenario });
    if (!found) return;
    const before = choice || {};
    const keep = (name, list, other) => (list.includes(before[name]) ? before[name] : other);
    settings = found;
    choice = {
      scenario: settings.scenario,
      map: keep("map", settings.maps, settings.maps[0]),
      regime: keep("regime", settings.regimes, "concert"),
      observed: keep("observed", settings.observed, ""),
      numbers: {},
    };
    const names = (list) => list.map((name) => [name, name]);
    const resets = [];
    const sliders = settings.numbers.map((number, index) => {
      const [made, reset] = slider(number, index);
      resets.push(reset);
      return made;
    });
    const back = element("button", { type: "button" }, "Back to the scenario's numbers");
    back.addEventListener("click", () => {
      resets.forEach((reset) => reset());
      update();
    });
    const file = element("input", { id: `${prefix}-file`, type: "text", value: "mine.toml", spellcheck: "false" });
    const save = element("button", { type: "submit" }, "Save as scenario");
    const saved = element("p", { role: "status", class: "saved" });
    const form = element("form", { class: "save", "aria-label": "Save" },
      element("label", { for: `${prefix}-file` }, "File name"), file, save, saved);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      saved.textContent = "";
      try {
        const answer = await answered({ ask: "save", ...choice, file: file.value });
        if (answer) saved.textContent = answer.message;
      } catch (failure) {
        alert.textContent = "No answer: " + failure.message;
      }
    });
    const focused = controls.contains(document.activeElement) && document.activeElement.name;
    controls.replaceChildren(
      menu("scenario", "Scenario", settings.scenarios.map((s) => [s.name, `${s.name}: ${s.title}`]), choice.scenario),
      menu("map", "Map of the deal", names(settings.maps), choice.map),
      menu("regime", "Regime of the deal", names(settings.regimes), choice.regime),
      menu("observed", "Observed profile, to compare with", [["", "none"], ...names(settings.observed)], choice.observed),
      element("fieldset", {}, element("legend", {}, "Assumed numbers"), ...sliders, back),
    );
    saving.replaceChildren(form);
    if (focused) controls.querySelector(`[name="${focused}"]`)?.focus();
    await update();
  }

  await start("");
}

// ---------------------------------------------------------------------- in a notebook

function render({ model, el }) {
  const waiting = new Map();
  let last = 0;
  model.on("msg:custom", (message) => {
    waiting.get(message.id)?.(message.answer);
    waiting.delete(message.id);
  });
  const ask = (request) => new Promise((resolve) => {
    last += 1;
    const id = `${Math.random()}-${last}`;
    waiting.set(id, resolve);
    model.send({ id, request });
  });
  const root = element("div");
  el.append(root);
  mount(root, ask);
}

export default { render };

// ---------------------------------------------------------------------- on a page of its own

const page = document.getElementById("concert-explore-page");
if (page) {
  const key = document.querySelector("meta[name=key]").content;
  mount(page, async (request) => {
    const response = await fetch("ask", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Key": key },
      body: JSON.stringify(request),
    });
    if (!response.ok) throw new Error(`the server says ${response.status}`);
    return response.json();
  });
}
