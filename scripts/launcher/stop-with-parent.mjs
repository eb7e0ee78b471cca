// Loaded into every program that the launcher runs: its channel closes when the launcher is gone, however it went.
// Without this, a launcher that is killed would leave a server and its database behind.
const channel = process.channel;
if (channel) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // Listening must not keep the program alive.
  channel.unref();
}

// Programs that this one starts get its flags; they have a parent of their own to watch.
const own = process.execArgv.indexOf(import.meta.url);
if (own > 0) process.execArgv.splice(own - 1, 2);
