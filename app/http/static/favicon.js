// The number of an element [data-unread] on the page's icon and in its title: "(3) Your messages".
const icon = document.querySelector("link[rel=icon]");
const plain = icon?.href;
const title = document.title.replace(/^\(\d+\) /, "");
let shown = null;

function draw(picture, count) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0, 64, 64);
  pen.fillStyle = "#a12b1b";
  pen.beginPath();
  pen.arc(44, 44, 20, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = "#ffffff";
  pen.font = "bold 28px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(count > 9 ? "9+" : String(count), 44, 46);
  return canvas.toDataURL("image/png");
}
function tell() {
  const count = Number(document.querySelector("[data-unread]")?.dataset.unread ?? 0);
  if (count === shown || !icon) return;
  shown = count;
  document.title = count ? `(${count}) ${title}` : title;
  if (!count) {
    icon.href = plain;
    icon.type = "image/svg+xml";
    return;
  }
  const picture = new Image();
  picture.onload = () => {
    icon.type = "image/png";
    icon.href = draw(picture, count);
  };
  picture.src = plain;
}
if (document.querySelector("[data-unread]")) {
  tell();
  new MutationObserver(tell).observe(document.body, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["data-unread"],
  });
}
