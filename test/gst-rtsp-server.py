#!/usr/bin/python3
"""An RTSP server of another hand (GStreamer's) for the end-to-end tests of our client.

One process, one port, one mount per argument `name=pipeline`. Prints `ready <port>` when it listens. With --user and
--password it demands them, by digest or basic. It ends when its standard input closes, so that it cannot outlive a test.
"""

import argparse
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--user")
arguments.add_argument("--password")
arguments.add_argument("--auth", choices=["digest", "basic"], default="digest")
arguments.add_argument("--tls", help="PEM file with certificate and key")
arguments.add_argument("--protocols", choices=["tcp", "udp"], default=None)
arguments.add_argument("mounts", nargs="+")
given = arguments.parse_args()

Gst.init(None)
loop = GLib.MainLoop()
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")

auth = GstRtspServer.RTSPAuth()
if given.user:
    methods = {"digest": GstRtsp.RTSPAuthMethod.DIGEST, "basic": GstRtsp.RTSPAuthMethod.BASIC}
    auth.set_supported_methods(methods[given.auth])
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    if given.auth == "digest":
        auth.add_digest(given.user, given.password, token)
    else:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(given.user, given.password), token)
if given.tls:
    gi.require_version("Gio", "2.0")
    from gi.repository import Gio

    auth.set_tls_certificate(Gio.TlsCertificate.new_from_file(given.tls))
if given.user or given.tls:
    server.set_auth(auth)

mounts = server.get_mount_points()
for mount in given.mounts:
    name, pipeline = mount.split("=", 1)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(pipeline)
    factory.set_shared(True)
    if given.protocols:
        transports = {"tcp": GstRtsp.RTSPLowerTrans.TCP, "udp": GstRtsp.RTSPLowerTrans.UDP}
        factory.set_protocols(transports[given.protocols])
    if given.user:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(permissions)
    mounts.add_factory("/" + name, factory)

if server.attach(None) == 0:
    sys.exit("the server could not be attached")


def on_input(channel, _condition):
    if channel.read(1) == b"":
        loop.quit()
        return False
    return True


GLib.io_add_watch(sys.stdin.buffer.raw, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, on_input)
print("ready", server.get_bound_port(), flush=True)
loop.run()
