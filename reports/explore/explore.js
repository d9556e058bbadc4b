// The explorer's page. `mount` builds its controls in an element and asks for what follows from a choice through `ask`, which
// is a request to the server of the page, or a message to the kernel of a notebook.

const STEPS = 200; // positions of a slider

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

function positionOf(number, asked) {
  if (number.high === number.low) return 0;
  const value = Math.min(number.high, Math.max(number.low, asked));
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
  const said = element("p", { role: "status", class: "said" });
  const alert = element("p", { role: "alert", class: "alert" });
  const results = element("div", { class: "results" });
  const shares = element("div", { class: "shares" });
  const regions = element("div", { class: "regions" });
  root.classList.add("concert-explore");
  const saving = element("div");
  const layout = element(
    "div", { class: "layout" },
    element("div", { class: "choices" }, controls, saving),
    element("div", { class: "answers" }, status, said, alert, results, shares, regions),
  );
  root.append(element("div", { class: "sized" }, layout));
  controls.addEventListener("submit", (event) => event.preventDefault());

  let settings = null;
  let choice = null;
  let asked = 0; // number of the newest choice
  let busy = false;
  let matchPreset = () => {};

  async function answered(request) {
    const answer = await ask(request);
    alert.textContent = answer.error || "";
    return answer.error ? null : answer;
  }

  // One request at a time; choices that came meanwhile are skipped but for the newest.
  async function update() {
    asked += 1;
    matchPreset();
    if (busy) return;
    busy = true;
    root.setAttribute("data-busy", "true");
    try {
      let done = 0;
      while (done < asked) {
        const now = asked;
        const request = { ...choice, numbers: { ...choice.numbers }, switches: { ...choice.switches }, prefix };
        const view = await answered({ ask: "view", ...request });
        if (view) {
          results.innerHTML = view.html;
          regions.innerHTML = view.regions;
          if (status.textContent !== view.headline) status.textContent = view.headline;
          if (said.textContent !== view.said) said.textContent = view.said;
          root.dataset.view = String(now);
        }
        done = now;
        // The shares take longer and come in steps: while a slider moves, only the rest follows it.
        let sure = view;
        while (sure && now === asked) {
          sure = await answered({ ask: "shares", ...request });
          if (!sure) break;
          shares.innerHTML = sure.html;
          if (sure.done) {
            root.dataset.shares = String(now);
            break;
          }
        }
      }
    } catch (failure) {
      alert.textContent = "No answer: " + failure.message;
    } finally {
      busy = false;
      root.removeAttribute("data-busy");
    }
  }

  function menu(name, label, entries, value, changed) {
    const id = `${prefix}-${name}`;
    const select = element("select", { id, name });
    for (const [key, words] of entries) select.append(element("option", { value: key }, words));
    select.value = value;
    select.addEventListener("change", () => {
      if (changed) changed(select.value);
      else {
        choice[name] = select.value;
        update();
      }
    });
    return element("div", { class: "menu" }, element("label", { for: id }, label), select);
  }

  // A number: a slider over its stated range, and a box that takes any value. `store` is where the choice keeps it.
  function slider(number, index, store) {
    const id = `${prefix}-n${index}`;
    const key = number.path ?? number.name;
    const ranged = number.low !== null;
    const box = element("input", {
      type: "number", step: "any", "data-box": key, ...(ranged ? { "aria-label": `${number.label}, exact value` } : { id }),
    });
    const range = ranged && element("input", { id, type: "range", min: 0, max: STEPS, step: 1, "data-path": key });
    const origin = ranged && positionOf(number, number.value);
    const set = (value) => {
      if (ranged) range.setAttribute("aria-valuetext", shown(value));
      box.toggleAttribute("data-beyond", ranged && (value < number.low || value > number.high));
      box.removeAttribute("aria-invalid");
      if (value === number.value) delete choice[store][key];
      else choice[store][key] = value;
    };
    const show = (value) => {
      if (ranged) range.value = value === number.value ? origin : positionOf(number, value);
      box.value = shown(value);
      set(value);
    };
    if (ranged) {
      range.addEventListener("input", () => {
        const position = Number(range.value);
        const value = position === origin ? number.value : atPosition(number, position);
        box.value = shown(value);
        set(value);
        update();
      });
    }
    box.addEventListener("change", () => {
      const value = box.valueAsNumber;
      if (!Number.isFinite(value)) {
        box.setAttribute("aria-invalid", "true");
        alert.textContent = `${number.label}: type a number.`;
        return;
      }
      set(value);
      if (ranged) range.value = positionOf(number, value);
      update();
    });
    show(number.value);
    const line = element("div", { class: "line" }, ...(ranged ? [range, box] : [box]));
    return [element("div", { class: "slider" }, element("label", { for: id }, number.label), line), show];
  }

  // A switch by levels. A level may be a number, so that options are told apart by their place.
  function levels(entry, index) {
    const id = `${prefix}-s${index}`;
    const select = element("select", { id, name: entry.name });
    entry.levels.forEach((level, place) => select.append(element("option", { value: place }, level.label)));
    const show = (value) => {
      select.value = entry.levels.findIndex((level) => level.value === value);
      if (value === entry.value) delete choice.switches[entry.name];
      else choice.switches[entry.name] = value;
    };
    select.addEventListener("change", () => {
      show(entry.levels[Number(select.value)].value);
      update();
    });
    show(entry.value);
    return [element("div", { class: "menu" }, element("label", { for: id }, entry.label), select), show];
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
      regime: keep("regime", [...settings.regimes, ...settings.observed], "concert"),
      observed: keep("observed", settings.observed, ""),
      numbers: {},
      switches: {},
    };
    const names = (list) => list.map((name) => [name, name]);
    const owners = [];
    const control = (entry, index, store) => {
      const [made, show] = entry.levels ? levels(entry, index) : slider(entry, `${store}-${index}`, store);
      owners.push([entry, show]);
      return made;
    };
    const numbers = settings.numbers.map((entry, index) => control(entry, index, "numbers"));
    const switches = settings.switches.map((entry, index) => control(entry, index, "switches"));
    const variants = [...settings.presets.map((p, place) => [place, p.title]), ["", "of your own"]];
    const preset = menu("preset", "Variants of the report", variants, 0, (place) => {
      if (place === "") return;
      const set = settings.presets[Number(place)].switches;
      for (const [entry, show] of owners) {
        if ("name" in entry) show(entry.name in set ? set[entry.name] : entry.value);
      }
      update();
    });
    matchPreset = () => {
      const chosen = Object.entries(choice.switches);
      const found = settings.presets.findIndex(({ switches: set }) => Object.keys(set).length === chosen.length
        && chosen.every(([name, value]) => set[name] === value));
      preset.querySelector("select").value = found < 0 ? "" : found;
    };
    const back = element("button", { type: "button" }, "Back to the scenario's own");
    back.addEventListener("click", () => {
      owners.forEach(([entry, show]) => show(entry.value));
      update();
    });
    const meanings = element("dl");
    for (const entry of settings.switches) {
      meanings.append(element("dt", {}, entry.label), element("dd", {}, entry.meaning));
    }
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
        if (!answer) return;
        saved.textContent = answer.message;
        scenarios.querySelector("select").append(element("option", { value: answer.name }, `${answer.name}: ${answer.title}`));
      } catch (failure) {
        alert.textContent = "No answer: " + failure.message;
      }
    });
    const focused = controls.contains(document.activeElement) && document.activeElement.name;
    const scenarios = menu(
      "scenario", "Scenario", settings.scenarios.map((s) => [s.name, `${s.name}: ${s.title}`]), choice.scenario, start,
    );
    controls.replaceChildren(
      scenarios,
      menu("map", "Map of the deal", names(settings.maps), choice.map),
      menu("regime", "Regime of the deal", names([...settings.regimes, ...settings.observed]), choice.regime),
      menu("observed", "Observed profile, to compare with", [["", "none"], ...names(settings.observed)], choice.observed),
      element("fieldset", {}, element("legend", {}, "Assumed numbers"), ...numbers),
      element(
        "fieldset", {}, element("legend", {}, "Choices of structure"), preset, ...switches,
        element("details", {}, element("summary", {}, "What these mean"), meanings),
      ),
      back,
    );
    saving.replaceChildren(form);
    matchPreset();
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
  // JupyterLab takes keys for its own commands unless an element says that they are its, and its notebook keeps arrow keys
  // from moving a slider.
  const root = element("div", { "data-lm-suppress-shortcuts": "true" });
  for (const type of ["keydown", "keypress", "keyup"]) root.addEventListener(type, (event) => event.stopPropagation());
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
