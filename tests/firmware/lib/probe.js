// What is true inside a running box. A released box has no way in, so these tests put one script
// more into its root file system, which says on the serial console what it saw.
import { Gateway } from "../../system/lib/gateway.js";

/** `commands` by name, run once the box serves: {box, said: {name: lines}}. */
export async function probed(commands, { script = "", ...options } = {}) {
  const parts = Object.entries(commands).map(
    ([name, command]) => `(${command}) 2>&1 | sed 's/^/probe ${name}: /' > /dev/console`,
  );
  const lines = [
    "#!/bin/sh",
    "until [ -f /data/bellhop/told ]; do sleep 1; done",
    ...parts,
    'echo "probe: end" > /dev/console',
    script,
  ];
  const prepare = (disk) => {
    options.prepare?.(disk);
    disk.addProbe(`${lines.join("\n")}\n`);
  };
  const box = await Gateway.start({ ...options, prepare });
  try {
    await box.logged(/^probe: end/m);
  } catch (error) {
    await box.stop();
    throw error;
  }
  const said = {};
  for (const name of Object.keys(commands)) {
    const row = new RegExp(`^probe ${name}: (.*?)\\r?$`, "gm");
    said[name] = [...box.serial.matchAll(row)].map(([, text]) => text);
  }
  return { box, said };
}
