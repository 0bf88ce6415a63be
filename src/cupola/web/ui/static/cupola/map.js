// Puts the detailed map in the place of the drawing. Whatever it needs stands on the page: colours in the style sheet,
// classes and labels in the table beside the map. Where anything fails, the drawing stays. No request leaves the host.

const LAYER = "rows";
const OVERLAP_PX = 15; // labels closer than this from above or below touch
const SPOTS_FROM = 12; // with places: rows show themselves from this zoom on
const assets = new URL("../maplibre/", import.meta.url);

let program; // loaded once, for all maps of a page

function loadProgram() {
  program ??= (async () => {
    const [maplibre] = await Promise.all([
      import(new URL("maplibre-gl.mjs", assets)),
      addElement("script", { src: new URL("pmtiles.js", assets).href }),
      addElement("link", { rel: "stylesheet", href: new URL("maplibre-gl.css", assets).href }),
    ]);
    maplibre.setWorkerUrl(new URL("maplibre-gl-worker.mjs", assets).href);
    maplibre.addProtocol("pmtiles", new window.pmtiles.Protocol().tile);
    return maplibre;
  })();
  return program;
}

function addElement(name, facts) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(name), facts);
    element.onload = resolve;
    element.onerror = () => reject(new Error(`${facts.src || facts.href} could not be loaded`));
    document.head.append(element);
  });
}

function colour(figure, name) {
  return getComputedStyle(figure).getPropertyValue(`--map-${name}`).trim();
}

function archive(address) {
  return `pmtiles://${new URL(address, location.href).href}`;
}

// ---- what is drawn

function styleOf(figure, rows) {
  const sources = {};
  const layers = [];
  const { tiles, key, spots } = figure.dataset;
  if (tiles) {
    sources.places = { type: "vector", url: archive(tiles), promoteId: { [LAYER]: key } };
    layers.push(...placeLayers(figure, rows, key));
  }
  if (spots) {
    sources.spots = { type: "vector", url: archive(spots) };
    layers.push(spotLayer(figure, Boolean(tiles)));
  }
  return { version: 8, sources, layers };
}

function placeLayers(figure, rows, key) {
  const graded = rows.filter((row) => Number(row.dataset.grade) > 0);
  const valued = ["in", ["to-string", ["get", key]], ["literal", graded.map((row) => row.dataset.area)]];
  const shades = graded.flatMap((row) => [row.dataset.area, colour(figure, row.dataset.grade)]);
  const name = ["to-string", ["get", key]];
  const fill = shades.length ? ["match", name, ...shades, "rgba(0,0,0,0)"] : "rgba(0,0,0,0)";
  // Between light places a white line would not be seen.
  const light = rows.filter((row) => Number(row.dataset.grade) < 2).flatMap((row) => [row.dataset.area, colour(figure, "hatch")]);
  const border = light.length ? ["match", name, ...light, colour(figure, "line")] : colour(figure, "line");
  const fade = figure.dataset.spots ? ["interpolate", ["linear"], ["zoom"], SPOTS_FROM, 1, SPOTS_FROM + 2, 0.5] : 1;
  const from = { source: "places", "source-layer": LAYER };
  const pointed = ["boolean", ["feature-state", "pointed"], false];
  return [
    { id: "none", type: "fill", ...from, filter: ["!", valued], paint: { "fill-pattern": "stripes" } },
    { id: "fill", type: "fill", ...from, paint: { "fill-color": fill, "fill-opacity": fade, "fill-antialias": false } },
    { id: "border", type: "line", ...from, paint: { "line-color": border, "line-width": 1 } },
    {
      id: "pointed",
      type: "line",
      ...from,
      layout: { "line-join": "round" },
      paint: { "line-color": colour(figure, "spot"), "line-width": ["case", pointed, 3, 0] },
    },
  ];
}

function spotLayer(figure, hasPlaces) {
  return {
    id: "spots",
    type: "circle",
    source: "spots",
    "source-layer": LAYER,
    minzoom: hasPlaces ? SPOTS_FROM : 0,
    paint: {
      "circle-color": hasPlaces ? colour(figure, "spot") : colour(figure, "4"),
      "circle-radius": ["interpolate", ["exponential", 1.5], ["zoom"], 8, 1.2, 12, 2, 16, 5, 20, 9],
      "circle-opacity": ["interpolate", ["linear"], ["zoom"], 10, 0.5, 16, 0.75],
      "circle-stroke-color": "#fff",
      "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 13, 0, 15, 0.75],
    },
  };
}

// Grey stripes for places without a value, as in the drawing.
function stripes(figure) {
  const size = 16;
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const pen = canvas.getContext("2d");
  pen.fillStyle = colour(figure, "none");
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = colour(figure, "hatch");
  pen.lineWidth = 4;
  for (const start of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(start - 4, size + 4);
    pen.lineTo(start + size + 4, -4);
    pen.stroke();
  }
  return pen.getImageData(0, 0, size, size);
}

// ---- labels: elements over the map, so that no font is fetched; a label shows where it fits into its place

function addLabels(maplibre, map, rows) {
  const labels = rows
    .filter((row) => row.dataset.lon && labelOf(row))
    .map((row) => {
      const element = Object.assign(document.createElement("span"), { className: "map__mark", textContent: labelOf(row) });
      element.classList.toggle("map__mark--light", "light" in row.dataset);
      element.setAttribute("aria-hidden", "true"); // the table says the same
      const at = [Number(row.dataset.lon), Number(row.dataset.lat)];
      new maplibre.Marker({ element }).setLngLat(at).addTo(map);
      return { element, at, radius: Number(row.dataset.radius), half: labelOf(row).length * 3.9 };
    })
    .sort((one, other) => other.radius - one.radius);
  const choose = () => {
    const perDegree = (512 * 2 ** map.getZoom()) / 360;
    const taken = [];
    for (const label of labels) {
      const { x, y } = map.project(label.at);
      const fits = Math.hypot(label.half, 6) <= label.radius * perDegree * 1.35;
      const touches = taken.some((one) => Math.abs(one.x - x) < one.half + label.half && Math.abs(one.y - y) < OVERLAP_PX);
      label.element.hidden = !fits || touches;
      if (!label.element.hidden) taken.push({ x, y, half: label.half });
    }
  };
  map.on("zoom", choose);
  choose();
}

function labelOf(row) {
  const heading = row.querySelector("th");
  return (heading.querySelector("a") || heading.firstChild.nextSibling || heading).textContent.trim();
}

// ---- map and table point at each other

function connect(map, figure, rows) {
  const told = Object.assign(document.createElement("div"), { className: "map__told" });
  told.setAttribute("aria-hidden", "true");
  map.getContainer().append(told);
  const byName = new Map(rows.map((row) => [row.dataset.area, row]));
  let pointed;
  const point = (name) => {
    if (name === pointed) return;
    if (pointed !== undefined) mark(pointed, false);
    pointed = name;
    if (name !== undefined) mark(name, true);
    const row = byName.get(name);
    told.textContent = row ? [...row.cells].map((cell) => cell.textContent.trim()).join(": ") : "";
  };
  const mark = (name, on) => {
    byName.get(name)?.classList.toggle("is-pointed", on);
    map.setFeatureState({ source: "places", sourceLayer: LAYER, id: name }, { pointed: on });
  };
  map.on("mousemove", "fill", (event) => point(String(event.features[0].id)));
  map.on("mouseleave", "fill", () => point(undefined));
  for (const row of rows) {
    row.addEventListener("mouseenter", () => point(row.dataset.area));
    row.addEventListener("mouseleave", () => point(undefined));
    row.addEventListener("focusin", () => point(row.dataset.area));
    row.addEventListener("focusout", () => point(undefined));
  }
}

// A row that is pointed at says what goes along with it in the tiles.
function openSpots(maplibre, map) {
  map.on("mouseenter", "spots", () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", "spots", () => (map.getCanvas().style.cursor = ""));
  map.on("click", "spots", (event) => {
    const facts = Object.entries(event.features[0].properties).map(([name, value]) => {
      const term = Object.assign(document.createElement("dt"), { textContent: name.replaceAll("_", " ") });
      return [term, Object.assign(document.createElement("dd"), { textContent: value })];
    });
    const list = Object.assign(document.createElement("dl"), { className: "map__facts" });
    list.append(...facts.flat());
    new maplibre.Popup({ maxWidth: "20rem" }).setLngLat(event.lngLat).setDOMContent(list).addTo(map);
  });
}

// A button back to the whole map.
class WholeMap {
  constructor(bounds, words) {
    this.bounds = bounds;
    this.words = words;
  }

  onAdd(map) {
    this.element = Object.assign(document.createElement("div"), { className: "maplibregl-ctrl maplibregl-ctrl-group" });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "map__whole", title: this.words });
    button.setAttribute("aria-label", this.words);
    button.innerHTML =
      '<span class="maplibregl-ctrl-icon" aria-hidden="true"><svg viewBox="0 0 20 20"><path d="M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5"/></svg></span>';
    button.addEventListener("click", () => map.fitBounds(this.bounds, { padding: room(map.getContainer()) }));
    this.element.append(button);
    return this.element;
  }

  onRemove() {
    this.element.remove();
  }
}

// ---- one map

// on a phone the buttons would hide the names of the places below them
function room(container) {
  return { top: 12, bottom: 12, left: 12, right: container.clientWidth < 480 ? 56 : 12 };
}

async function start(figure) {
  const maplibre = await loadProgram();
  const words = figure.dataset;
  const [west, south, east, north] = words.bounds.split(",").map(Number);
  const bounds = [[west, south], [east, north]];
  const rows = words.tiles ? [...figure.querySelectorAll("tr[data-area]")] : [];
  const container = Object.assign(document.createElement("div"), { className: "map__live" });
  figure.querySelector(".map__frame").append(container);
  const map = new maplibre.Map({
    container,
    style: styleOf(figure, rows),
    bounds,
    fitBoundsOptions: { padding: room(container) },
    maxBounds: [[west - (east - west), south - (north - south)], [east + (east - west), north + (north - south)]],
    maxZoom: 18,
    attributionControl: false,
    cooperativeGestures: true, // one finger and the wheel scroll the page
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    locale: {
      "CooperativeGesturesHandler.WindowsHelpText": words.wheel,
      "CooperativeGesturesHandler.MacHelpText": words.wheelMac,
      "CooperativeGesturesHandler.MobileHelpText": words.touch,
      "Map.Title": words.title,
      "NavigationControl.ZoomIn": words.zoomIn,
      "NavigationControl.ZoomOut": words.zoomOut,
      "Popup.Close": words.close,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new WholeMap(bounds, words.whole), "top-right");
  map.setMissingStyleImageResolver((id) => {
    if (id === "stripes" && !map.hasImage(id)) map.addImage(id, stripes(figure), { pixelRatio: 2 });
  });
  figure.map = map;
  await settled(map, container);
  figure.classList.add("is-live");
  if (words.tiles) {
    addLabels(maplibre, map, rows);
    connect(map, figure, rows);
  }
  if (words.spots) openSpots(maplibre, map);
}

// The drawing stays in view until the map has drawn, and for good where it cannot.
function settled(map, container) {
  return new Promise((resolve, reject) => {
    map.once("idle", resolve);
    map.once("error", ({ error }) => {
      map.remove();
      container.remove();
      reject(error);
    });
  });
}

function startNear(figure) {
  const watch = new IntersectionObserver(
    (seen) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      watch.disconnect();
      start(figure).catch((error) => console.info("The map stays a drawing:", error.message));
    },
    { rootMargin: "300px" },
  );
  watch.observe(figure);
}

document.querySelectorAll(".map[data-tiles], .map[data-spots]").forEach(startNear);
