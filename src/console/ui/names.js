// Names and ids as others have chosen them, fit to be shown; always as text.

/** Without the characters that turn what is around them the other way. */
export const plain = (text) => text.replace(/\p{Bidi_Control}/gu, "");

/** What people see of a user: never nothing. */
export function nameToShow(name, id) {
  const shown = plain(name ?? "").trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(shown) ? shown : plain(id);
}
