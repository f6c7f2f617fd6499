package storage

import _ "modernc.org/sqlite" // SQLite without C, so that the bot is one static file

// driverName is the database/sql driver.
const driverName = "sqlite"
