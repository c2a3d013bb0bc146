// What /metrics says, once a second, and how fast its counters have moved.
import { shallowReactive } from "vue";
import { ask } from "./box.js";

const INTERVAL_MS = 1000;
export const MOST_SAMPLES = 300;
export const RATES = {
  pushes: "bellhop_pushes_total",
  deliveries: "bellhop_deliveries_total",
  frames: "bellhop_frames_queued_total",
};

/** series: a name with its labels, as it stands in /metrics, to its number; health: the answer of
 * /health/ready; rates: for each of RATES the last minutes, one number a sample. */
export const metrics = shallowReactive({
  series: new Map(),
  health: null,
  rates: Object.fromEntries(Object.keys(RATES).map((name) => [name, []])),
});

let last = null;
let timer = 0;
let running = 0;

/** The Prometheus text format, without its comments. */
export function parse(text) {
  const rows = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    rows.map((row) => {
      const end = row.lastIndexOf(" ");
      return [row.slice(0, end), Number(row.slice(end + 1))];
    }),
  );
}

export const valueOf = (series) => metrics.series.get(series) ?? 0;
export const tableValue = (part, table) => valueOf(`bellhop_table_${part}{table="${table}"}`);

/** The tables of the box, in the order of /metrics. */
export function tables() {
  const names = [...metrics.series.keys()].map(
    (series) => /^bellhop_table_capacity\{table="(.*)"\}$/.exec(series)?.[1],
  );
  return names.filter((name) => name !== undefined);
}

function addRates(series) {
  const now = { at: performance.now(), series };
  if (last !== null) {
    const seconds = (now.at - last.at) / 1000;
    metrics.rates = Object.fromEntries(
      Object.entries(RATES).map(([name, counter]) => {
        // A counter that went back: the box was started again.
        const moved = Math.max(0, series.get(counter) - last.series.get(counter));
        return [name, [...metrics.rates[name], moved / seconds].slice(-MOST_SAMPLES)];
      }),
    );
  }
  last = now;
}

async function sample() {
  const mine = running;
  const [numbers, health] = await Promise.all([ask("/metrics"), ask("/health/ready")]);
  if (mine !== running) return;
  if (numbers.status === 200) {
    metrics.series = parse(numbers.text);
    addRates(metrics.series);
  }
  metrics.health = health.json;
  timer = setTimeout(sample, INTERVAL_MS);
}

export function startSampling() {
  running += 1;
  sample();
}

export function stopSampling() {
  running += 1;
  clearTimeout(timer);
  last = null;
}
