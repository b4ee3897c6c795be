// victim.mjs - an honest client in a process of its own: asks every few milliseconds over HTTP/1.1 and HTTP/2 and tells how
// long answers took.  Sent {url, ca, path} it begins; sent "report" it tells {times, failures} since the last report.
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';

const PAUSE = 5; // ms between two requests of one client
let times = [];
let failures = [];

function note(began, error) {
  if (error) failures.push(String(error.message ?? error)); else times.push(performance.now() - began);
}

function overHttp1({ url, ca, path }) {
  const lib = url.startsWith('https') ? https : http;
  const agent = new lib.Agent({ keepAlive: true, maxSockets: 1, ca });
  const next = () => {
    const began = performance.now();
    const request = lib.get(url + path, { agent }, (answer) => {
      answer.resume();
      answer.on('end', () => { note(began, answer.statusCode === 200 ? null : `status ${answer.statusCode}`); setTimeout(next, PAUSE); });
    });
    request.on('error', (error) => { note(began, error); setTimeout(next, PAUSE); });
  };
  next();
}

function overHttp2({ url, ca, path }) {
  const client = http2.connect(url, { ca });
  client.on('error', (error) => failures.push(`session: ${error.message}`));
  client.on('goaway', (code) => failures.push(`goaway ${code}`));
  const next = () => {
    const began = performance.now();
    const stream = client.request({ ':path': path });
    stream.on('error', (error) => note(began, error));
    stream.resume();
    stream.on('close', () => { if (stream.rstCode === 0) note(began); setTimeout(next, PAUSE); });
  };
  next();
}

process.on('message', (message) => {
  if (message === 'report') {
    process.send({ times, failures });
    times = [];
    failures = [];
  } else {
    overHttp1(message);
    overHttp2(message);
  }
});
