// Where we mean to differ from the stock server, and why. `ours` lists what may stand for us in the
// place of each line in which the two differ; any other difference fails the comparison.
// `failsOnStock`: the case states our behaviour, so the stock server does not pass it.
const ANY_REVISION = "stock takes any other EIO for revision 3; the protocol's suites want 400";

export const deviations = {
  "unsupported revision": {
    reason: ANY_REVISION,
    failsOnStock: true,
  },
  "at most 16 packets a poll": {
    reason: "python-engineio drops a connection whose answer has more than 16 packets",
    failsOnStock: true,
  },
  "close packet over websocket": {
    reason: "stock ignores `1` on a websocket until the ping timeout; we close at once",
    failsOnStock: true,
  },
  "revision 3 silent after an upgrade": {
    reason: "stock stops the ping timeout at the upgrade and never closes a silent client",
    failsOnStock: true,
  },
};
