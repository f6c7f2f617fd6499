package dendritetest

import (
	"fmt"
	"time"
)

const (
	configName   = "dendrite.yaml"
	keyName      = "matrix_key.pem"
	sharedSecret = "only-for-tests-on-loopback"
)

// settings are what tests may choose.
type settings struct {
	burst   int // 0: no limit
	cooloff time.Duration
}

// config returns dendrite.yaml. Paths in it are relative to the directory the
// server is started in. A component without a database line keeps Dendrite
// from starting, used or not.
// https://element-hq.github.io/dendrite/installation/manual/configuration
func (s settings) config() string {
	return fmt.Sprintf(`version: 2
global:
  server_name: %s
  private_key: %s
  disable_federation: true
  jetstream: {storage_path: jetstream}   # the queue between its parts, in this process
client_api:
  registration_disabled: true            # except with the secret
  registration_shared_secret: %s
  rate_limiting: {enabled: %t, threshold: %d, cooloff_ms: %d}
user_api:
  bcrypt_cost: 4                         # the least: tests log in often
  account_database: {connection_string: "file:accounts.db"}
media_api:
  base_path: media
  database: {connection_string: "file:media.db"}
room_server: {database: {connection_string: "file:rooms.db"}}
sync_api: {database: {connection_string: "file:sync.db"}}
key_server: {database: {connection_string: "file:keys.db"}}
federation_api: {database: {connection_string: "file:federation.db"}}
relay_api: {database: {connection_string: "file:relay.db"}}
mscs: {database: {connection_string: "file:mscs.db"}}
logging:
  - {type: std, level: warn}
`, ServerName, keyName, sharedSecret, s.burst > 0, max(1, s.burst), max(1, s.cooloff.Milliseconds()))
}
