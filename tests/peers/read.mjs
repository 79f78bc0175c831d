// node read.mjs FOLDER: what arrow-rs finds in every NAME.parquet goes to NAME.arrow (an Arrow stream), what hyparquet
// finds to NAME.ndjson (one JSON array a row; 64-bit integers as text, bytes as hex).
import fs from 'node:fs'
import path from 'node:path'
import * as wasm from 'parquet-wasm'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const folder = process.argv[2]
for (const file of fs.readdirSync(folder).filter(file => file.endsWith('.parquet')).sort()) {
  const bytes = fs.readFileSync(path.join(folder, file))
  const name = path.join(folder, path.basename(file, '.parquet'))
  fs.writeFileSync(`${name}.arrow`, wasm.readParquet(bytes).intoIPCStream())
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const rows = await parquetReadObjects({ file: buffer, compressors, utf8: false })
  fs.writeFileSync(`${name}.ndjson`, rows.map(row => JSON.stringify(Object.values(row), plain)).join('\n'))
}

function plain(key, value) {
  return typeof value === 'bigint' ? value.toString()
    : value instanceof Uint8Array ? Buffer.from(value).toString('hex')
      : typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}
