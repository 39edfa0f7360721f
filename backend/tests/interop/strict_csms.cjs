// A CSMS on the ocpp-rpc package in strict mode: every frame is checked against the schemas.
//
// It prints a JSON line for everything that happens, the first one being {"port": …}. A line on
// stdin, {"number", "identity", "action", "payload"}, sends that charger a command; the end of
// stdin ends it, and so does a time limit.

'use strict';

const readline = require('node:readline');
const { RPCServer, createRPCError } = require('ocpp-rpc');

const TIME_LIMIT_MS = 120_000;
const clients = new Map();
let nextTransactionId = 1;

const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const now = () => new Date().toISOString();
const accepted = { status: 'Accepted' };

const answers = {
  Authorize: () => ({ idTagInfo: accepted }),
  BootNotification: () => ({ status: 'Accepted', interval: 300, currentTime: now() }),
  DataTransfer: () => ({ status: 'UnknownVendorId' }),
  DiagnosticsStatusNotification: () => ({}),
  FirmwareStatusNotification: () => ({}),
  Heartbeat: () => ({ currentTime: now() }),
  MeterValues: () => ({}),
  StartTransaction: () => ({ transactionId: nextTransactionId++, idTagInfo: accepted }),
  StatusNotification: () => ({}),
  StopTransaction: () => ({}),
};

const server = new RPCServer({ protocols: ['ocpp1.6'], strictMode: true });

server.on('client', (client) => {
  const { identity } = client;
  clients.set(identity, client);
  client.on('strictValidationFailure', ({ method, params, result, error }) =>
    say({ event: 'violation', identity, method, params, result, reason: error.message }),
  );
  client.on('badMessage', ({ buffer, error }) =>
    say({ event: 'violation', identity, text: String(buffer), reason: error.message }),
  );
  client.handle(({ method, params }) => {
    say({ event: 'call', identity, action: method, payload: params });
    const answer = answers[method];
    if (!answer) throw createRPCError('NotImplemented');
    return answer(params);
  });
});

async function command({ number, identity, action, payload }) {
  try {
    say({ event: 'answer', number, payload: await clients.get(identity).call(action, payload) });
  } catch (error) {
    say({ event: 'answer', number, error: error.rpcErrorCode ?? error.message });
  }
}

async function main() {
  const listener = await server.listen(0, '127.0.0.1');
  say({ port: listener.address().port });
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', (line) => void command(JSON.parse(line)));
  lines.on('close', () => process.exit(0));
  setTimeout(() => process.exit(3), TIME_LIMIT_MS).unref();
}

void main();
