// Listens with Laravel Echo, as the service's documentation shows it, and prints what it hears, one
// JSON object a line.
// node laravel_echo.mjs HOST PORT APP_KEY AUTH_URL API_KEY CHANNEL
import Echo from "laravel-echo";
import Pusher from "pusher-js";

const [host, port, appKey, authEndpoint, apiKey, channelName] = process.argv.slice(2);
const print = (line) => process.stdout.write(JSON.stringify(line) + "\n");

const echo = new Echo({
  broadcaster: "pusher",
  Pusher,
  key: appKey,
  cluster: "mt1",
  wsHost: host,
  wsPort: Number(port),
  forceTLS: false,
  disableStats: true,
  enabledTransports: ["ws"],
  authEndpoint,
  auth: { headers: { Authorization: `Bearer ${apiKey}` } },
});
// It puts `private-` before the name itself, and a dot keeps it from putting a namespace there.
echo
  .private(channelName.replace(/^private-/, ""))
  .subscribed(() => print({ signal: "subscribed" }))
  .error((error) => print({ signal: "refused", error }))
  .listen(".request.status.updated", (update) => print({ signal: "update", update }));
