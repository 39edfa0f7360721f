// The real `ocppsim demo`, with ports and a database of its own.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Whatever ends this process ends its demos too.
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;

/** `count` ports that were free a moment ago, all different. */
async function freePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve, reject) => {
          const server = createServer();
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * Starts the demo and waits until it is healthy; in the folder of an earlier one it finds its
 * database again.
 *
 * `url` is where it is, `csmsUrl` where chargers find its CSMS. `command()` has that CSMS send a CALL
 * and gives the charger's answer. `output()` is what it has printed so far. `stop()` ends it as Ctrl-C does, removes its database and gives its exit code; `kill()`
 * is the death of the process, and leaves the database.
 */
export async function startDemo({ folder = mkdtempSync(join(tmpdir(), 'ocppsim-e2e-')) } = {}) {
  const [port, csmsPort, csmsHttpPort] = await freePorts(3);
  const printed = [];
  const child = spawn(
    join(root, '.venv', 'bin', 'ocppsim'),
    [
      'demo',
      ...['--port', String(port)],
      ...['--csms-port', String(csmsPort)],
      ...['--csms-http-port', String(csmsHttpPort)],
    ],
    {
      cwd: folder,
      env: {
        ...process.env,
        OCPPSIM_HOST: '127.0.0.1',
        OCPPSIM_DATABASE_URL: `sqlite:///${join(folder, 'demo.db')}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  running.add(child);
  const exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  void exited.then(() => running.delete(child));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text) => printed.push(text));
  }
  const output = () => printed.join('');
  const url = `http://127.0.0.1:${port}`;

  async function kill() {
    child.kill('SIGKILL');
    await exited;
  }

  async function stop() {
    if (child.exitCode === null) child.kill('SIGINT');
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    const code = await exited;
    clearTimeout(killer);
    rmSync(folder, { recursive: true, force: true });
    return code;
  }

  const giveUpAt = Date.now() + START_LIMIT_MS;
  for (;;) {
    try {
      const answer = await fetch(`${url}/api/health`);
      if (answer.ok) break;
    } catch {
      // It does not listen yet.
    }
    if (child.exitCode !== null || Date.now() > giveUpAt) {
      await stop();
      throw new Error(`the demo did not start:\n${output()}`);
    }
    await sleep(100);
  }

  async function command(chargePointId, action, payload) {
    const answer = await fetch(
      `http://127.0.0.1:${csmsHttpPort}/chargers/${encodeURIComponent(chargePointId)}/commands`,
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ action, payload }),
      },
    );
    const body = await answer.json();
    if (!answer.ok || body.kind !== 'CALLRESULT') {
      throw new Error(`${action} came to ${JSON.stringify(body)}`);
    }
    return body.payload;
  }

  const csmsUrl = `ws://127.0.0.1:${csmsPort}/e2e`;
  return { url, csmsUrl, folder, output, command, kill, stop };
}
