// The live WebSocket: reconnects by itself, waiting longer after every failure.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15000;

/**
 * Keeps a connection open. `onMessage(message)` gets every message, `onState(state, seconds)` is
 * told `connecting`, `live` or `lost` (with the seconds until the next attempt).
 */
export function connect(onMessage, onState) {
  let wait = FIRST_WAIT_MS;

  function open() {
    onState('connecting');
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/live`);
    socket.addEventListener('open', () => {
      wait = FIRST_WAIT_MS;
      onState('live');
    });
    socket.addEventListener('message', (event) => {
      let message;
      try {
        message = JSON.parse(event.data);
      } catch {
        return;
      }
      onMessage(message);
    });
    socket.addEventListener('close', () => {
      onState('lost', Math.ceil(wait / 1000));
      // Pages that lost the same service do not all come back in the same instant.
      setTimeout(open, wait * (0.75 + 0.5 * Math.random()));
      wait = Math.min(2 * wait, LONGEST_WAIT_MS);
    });
  }

  open();
}
