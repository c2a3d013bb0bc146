// Who there is: names by the API, lamps by the online list.
import { computed, reactive } from "vue";
import { locale } from "../ui/language.js";
import { nameToShow } from "../ui/names.js";

export const known = reactive({ me: { id: "", name: "" }, people: new Map(), online: new Set() });

export const nameOf = (id) => nameToShow(known.people.get(id), id);

/** `answer`: of /api/v1/people. */
export function setPeople({ me, people }) {
  known.me = { id: me.id, name: nameToShow(me.name, me.id) };
  known.people = new Map(people.map(({ id, name }) => [id, name]));
}

/** Whether somebody in the list is new here. */
export function setOnline(ids) {
  known.online = new Set(ids);
  return ids.some((id) => !known.people.has(id));
}

/** Everybody else, in an order that does not change under the finger when lamps do. */
export const others = computed(() => {
  const { compare } = new Intl.Collator(locale(), { numeric: true });
  return [...new Set([...known.people.keys(), ...known.online])]
    .filter((id) => id !== known.me.id)
    .map((id) => ({ id, name: nameOf(id), online: known.online.has(id) }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
});
