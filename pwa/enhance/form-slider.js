// form-slider.js — <input type="range" hidden data-slider="i-12">
// A slider beside the field that holds the number: the field is what is sent, and all there is without a script.
for (const slider of document.querySelectorAll("[data-slider]")) {
  const field = document.getElementById(slider.dataset.slider)
  slider.hidden = false
  slider.addEventListener("input", () => { field.value = slider.value.replace(".", ",") })
  field.addEventListener("input", () => { slider.value = field.value.replace(",", ".") })
}
