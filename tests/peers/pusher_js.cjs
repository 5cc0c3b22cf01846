// Listens with pusher-js as a web page would, and prints what it hears, one JSON object a line.
// node pusher_js.cjs HOST PORT APP_KEY AUTH_URL API_KEY CHANNEL
const Pusher = require("pusher-js");

const [host, port, appKey, endpoint, apiKey, channelName] = process.argv.slice(2);
const print = (line) => process.stdout.write(JSON.stringify(line) + "\n");

const pusher = new Pusher(appKey, {
  cluster: "mt1",
  wsHost: host,
  wsPort: Number(port),
  forceTLS: false,
  disableStats: true,
  enabledTransports: ["ws"],
  channelAuthorization: {
    endpoint,
    transport: "ajax",
    headers: { Authorization: `Bearer ${apiKey}` },
  },
});
pusher.connection.bind("error", (error) => print({ signal: "error", error }));
const channel = pusher.subscribe(channelName);
channel.bind("pusher:subscription_succeeded", () => print({ signal: "subscribed" }));
channel.bind("pusher:subscription_error", (error) => print({ signal: "refused", error }));
channel.bind("request.status.updated", (update) => print({ signal: "update", update }));
