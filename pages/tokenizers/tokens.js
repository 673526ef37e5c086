export default function ({ data, parentElement }) {
  let box = parentElement.querySelector(".tokens");
  if (!box) {
    box = document.createElement("div");
    box.className = "tokens";
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    parentElement.appendChild(box);
  }
  box.setAttribute("aria-label", data.label);
  box.replaceChildren(...data.pieces.map(([text, token, partial], index) => {
    const span = document.createElement("span");
    span.textContent = text.replace(/\n/g, "\u23ce\n");
    span.className = `c${index % 5}` + (partial ? " partial" : "");
    span.title = String(token);
    span.dir = "auto";
    return span;
  }));
}
