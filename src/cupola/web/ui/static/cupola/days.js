// Puts a slider over the days of a chart in front of the list of links that says the same. Where it fails, the list
// stays. The page of a day is asked for once the slider rests.

const RESTS_MS = 500;

for (const days of document.querySelectorAll(".days")) {
  const links = [...days.querySelectorAll("li a")];
  if (links.length > 1) addSlider(days, links);
}

function addSlider(days, links) {
  const form = days.querySelector(".days__slider");
  const slider = form.querySelector("input");
  const says = form.querySelector("output");
  const before = links.filter((link) => link.dataset.day <= days.dataset.shown).length;
  slider.max = links.length - 1;
  slider.value = Math.max(before - 1, 0);
  const tell = () => {
    const link = links[slider.value];
    says.textContent = link.dataset.says;
    slider.setAttribute("aria-valuetext", link.dataset.says);
  };
  tell();
  let waiting;
  slider.addEventListener("input", () => {
    tell();
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      location.assign(`${links[slider.value].href}#days`);
    }, RESTS_MS);
  });
  form.hidden = false;
  days.querySelector("details").open = false;
  if (location.hash === "#days") addEventListener("load", () => slider.focus()); // after the browser went to the anchor
}
