// Shows one slice at a time, and wipes between two scans. Without it the middle slice of both stands there.
for (const viewer of document.querySelectorAll(".viewer")) {
  const places = viewer.dataset.places.split(",");
  const [slice, wipe, other] = ["slice", "wipe", "other"].map((name) => viewer.querySelector("." + name));
  const words = viewer.querySelector("output");
  const upper = [...viewer.querySelectorAll(".upper img")];
  const show = () => {
    const row = places.length - 1 - slice.valueAsNumber;
    for (const image of viewer.querySelectorAll(".stage img")) {
      image.style.transform = "translateY(" + (-100 * row) / places.length + "%)";
    }
    const chosen = other ? Number(other.value) : 0;
    upper.forEach((image, place) => { image.hidden = place !== chosen; });
    const share = wipe ? wipe.valueAsNumber : 100;
    const cover = viewer.querySelector(".upper");
    if (cover) {
      cover.style.clipPath = "inset(0 0 0 " + share + "%)";
      viewer.querySelector(".edge").style.left = share + "%";
      viewer.querySelector(".name.r").textContent = other.selectedOptions[0].textContent;
    }
    const place = "z " + places[row] + " mm";
    slice.setAttribute("aria-valuetext", place);
    if (wipe) wipe.setAttribute("aria-valuetext", share + " percent " + viewer.dataset.first);
    words.textContent = place + ", slice " + (slice.valueAsNumber + 1) + " of " + places.length;
  };
  for (const control of viewer.querySelectorAll("input, select")) control.addEventListener("input", show);
  viewer.querySelector(".controls").hidden = false;
  show();
}
document.documentElement.dataset.ready = "1";
