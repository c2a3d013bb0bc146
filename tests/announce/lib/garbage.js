// Packets that nobody should send.
import packet from "dns-packet";

/** xorshift32: the same packets for the same seed. */
export class Random {
  constructor(seed) {
    this.seed = seed;
    this.state = seed;
  }

  below(bound) {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % bound;
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}

/** Good ones to start from: questions, probes, answers, goodbyes, of our names and of others. */
function goodPackets(host) {
  const names = [`${host}.local`, `${host}._http._tcp.local`, "_http._tcp.local", "other.local"];
  const records = names.flatMap((name) => [
    { name, type: "A", ttl: 120, flush: true, data: "10.77.0.99" },
    { name, type: "SRV", ttl: 120, data: { port: 1, target: "other.local" } },
    { name, type: "TXT", ttl: 0, data: ["path=/", "x".repeat(200)] },
    { name, type: "PTR", ttl: 4500, data: `x._http._tcp.local` },
    { name, type: "CNAME", ttl: 10, data: names[0] },
  ]);
  const questions = names.flatMap((name) =>
    ["A", "SRV", "PTR", "ANY"].map((type) => ({ name, type })),
  );
  return [
    ...records.map((answer) => ({ type: "response", answers: [answer] })),
    ...questions.map((question) => ({ type: "query", questions: [question] })),
    ...records.map((probe) => ({
      type: "query",
      questions: [{ name: probe.name, type: "ANY" }],
      authorities: [probe],
    })),
    { type: "response", answers: records, additionals: records },
    { type: "query", questions, answers: records },
  ].map((message) => packet.encode(message));
}

const good = new Map();

function mutate(random, bytes) {
  const mutant = Buffer.from(bytes);
  for (let i = random.below(6); i >= 0; i--)
    mutant[random.below(mutant.length)] = random.pick([0, 1, 0x3f, 0xc0, 0xff, random.below(256)]);
  return random.below(4) === 0 ? mutant.subarray(0, random.below(mutant.length + 1)) : mutant;
}

/** One packet: every fourth is noise, the others are good ones with some bytes changed. */
export function sample(random, host) {
  if (!good.has(host)) good.set(host, goodPackets(host));
  if (random.below(4) !== 0) return mutate(random, random.pick(good.get(host)));
  return Buffer.from(Array.from({ length: random.below(600) }, () => random.below(256)));
}
