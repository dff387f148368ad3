// The width a mail is looked at: a desk or a phone.
document.addEventListener("alpine:init", () => {
  Alpine.data("preview", () => ({
    width: "wide",
    wide() { this.width = "wide"; },
    phone() { this.width = "phone"; },
    get isWide() { return String(this.width === "wide"); },
    get isPhone() { return String(this.width === "phone"); },
    get frame() { return this.width; },
  }));
});
