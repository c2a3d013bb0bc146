function select(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

/**
 * Copies an element's text. Over plain HTTP, as on a LAN, browsers offer no clipboard: then by the
 * old command, or by the user, for whom it is selected. False then.
 */
export async function copyText(node) {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(node.textContent);
      return true;
    }
  } catch {
    // not allowed: as without one
  }
  select(node);
  return document.execCommand("copy");
}
