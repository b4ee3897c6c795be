#!/usr/bin/python3
"""h2_client.py HOST PORT CA|- PATH - the protocol stack of python3-h2 against a server; prints what it saw as JSON.

One connection, four streams: a GET, and POSTs of 1 byte, 200 KB and 1 MiB in frames as the windows allow, with trailers.
"""
import hashlib
import json
import socket
import ssl
import sys

import h2.config
import h2.connection
import h2.events

host, port, ca, path = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
sock = socket.create_connection((host, port), timeout=20)
if ca != '-':
    context = ssl.create_default_context(cafile=ca)
    context.set_alpn_protocols(['h2'])
    sock = context.wrap_socket(sock, server_hostname='localhost')
    assert sock.selected_alpn_protocol() == 'h2'

conn = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding='utf-8'))
conn.initiate_connection()
bodies = {1: None, 3: b'x', 5: bytes(range(250)) * 800, 7: b'0123456789abcdef' * 65536}
left = dict(bodies)
answers = {stream: {'status': None, 'body': b''} for stream in bodies}
for stream, body in bodies.items():
    fields = [(':method', 'GET' if body is None else 'POST'), (':scheme', 'https' if ca != '-' else 'http'), (':path', path), (':authority', 'localhost')]
    conn.send_headers(stream, fields, end_stream=body is None)


def push():
    for stream, body in left.items():
        while body:
            size = min(conn.local_flow_control_window(stream), conn.max_outbound_frame_size, len(body))
            if size == 0:
                break
            conn.send_data(stream, body[:size])
            body = body[size:]
            if not body:
                conn.send_headers(stream, [('x-digest', 'sent')], end_stream=True)
        left[stream] = body
    sock.sendall(conn.data_to_send())


push()
ended = 0
while ended < len(bodies):
    data = sock.recv(65536)
    if not data:
        sys.exit('the server closed')
    for event in conn.receive_data(data):
        if isinstance(event, h2.events.ResponseReceived):
            answers[event.stream_id]['status'] = dict(event.headers)[':status']
        elif isinstance(event, h2.events.DataReceived):
            answers[event.stream_id]['body'] += event.data
            conn.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            ended += 1
        elif isinstance(event, (h2.events.StreamReset, h2.events.ConnectionTerminated)):
            sys.exit(f'the server ended it: {event}')
    push()
print(json.dumps([{'status': int(a['status']), 'sent': hashlib.sha256(bodies[s] or b'').hexdigest(), 'answer': json.loads(a['body'])}
                  for s, a in answers.items()]))
