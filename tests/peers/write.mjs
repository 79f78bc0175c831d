// node write.mjs FOLDER: every NAME.arrow (an Arrow stream) becomes Parquet files NAME-WRITER-N.parquet, written by
// arrow-rs and polars in several ways each; every NAME.columns.json by hyparquet-writer.
import fs from 'node:fs'
import path from 'node:path'
import * as wasm from 'parquet-wasm'
import pl from 'nodejs-polars'
import { parquetWriteBuffer } from 'hyparquet-writer'

const folder = process.argv[2]
const names = ending => fs.readdirSync(folder).filter(file => file.endsWith(ending)).sort()
const put = (name, bytes) => fs.writeFileSync(path.join(folder, name), Buffer.from(bytes))

const { Compression, Encoding, WriterVersion } = wasm
const codecs = [
  Compression.SNAPPY, Compression.ZSTD, Compression.GZIP, Compression.BROTLI, Compression.LZ4_RAW,
  Compression.UNCOMPRESSED,
]
// By what a column's name begins with: the type that its writer in the tests gave it.
const encodings = {
  boolean: [Encoding.PLAIN, Encoding.RLE],
  int: [Encoding.PLAIN, Encoding.DELTA_BINARY_PACKED, Encoding.BYTE_STREAM_SPLIT],
  float: [Encoding.PLAIN, Encoding.BYTE_STREAM_SPLIT],
  bytes: [Encoding.PLAIN, Encoding.DELTA_LENGTH_BYTE_ARRAY, Encoding.DELTA_BYTE_ARRAY],
  fixed: [Encoding.PLAIN, Encoding.DELTA_BYTE_ARRAY, Encoding.BYTE_STREAM_SPLIT],
}

for (const file of names('.arrow')) {
  const stream = fs.readFileSync(path.join(folder, file))
  const name = path.basename(file, '.arrow')
  const columns = JSON.parse(fs.readFileSync(path.join(folder, `${name}.kinds.json`)))
  for (let way = 0; way < 6; way++) {
    let builder = new wasm.WriterPropertiesBuilder()
      .setCompression(codecs[way])
      .setWriterVersion(way % 2 === 0 ? WriterVersion.V1 : WriterVersion.V2)
      .setDictionaryEnabled(way % 3 === 0)
      .setDictionaryPageSizeLimit(way === 0 ? 500 : 1 << 20)
      .setDataPageSizeLimit([300, 4000, 1 << 20][way % 3])
      .setMaxRowGroupSize(way < 3 ? 400 : 100000)
    if (way % 3 !== 0) {
      columns.forEach(({ name: column, kind }, index) => {
        const choices = encodings[kind]
        if (choices) builder = builder.setColumnEncoding(column, choices[(index + way) % choices.length])
      })
    }
    put(`${name}-arrow-rs-${way}.parquet`, wasm.writeParquet(wasm.Table.fromIPCStream(stream), builder.build()))
  }
  if (name.startsWith('flat')) {
    const frame = pl.readIPCStream(stream)
    for (const [way, compression] of ['snappy', 'zstd', 'gzip', 'uncompressed'].entries()) {
      put(`${name}-polars-${way}.parquet`, frame.writeParquet({ compression }))
    }
  }
}

for (const file of names('.columns.json')) {
  const name = path.basename(file, '.columns.json')
  const columnData = JSON.parse(fs.readFileSync(path.join(folder, file))).map(({ name, type, values }) => ({
    name,
    type,
    data: values.map(value => value === null ? undefined : revive(type, value)),
  }))
  const ways = [{}, { codec: 'UNCOMPRESSED', pageSize: 200 }, { rowGroupSize: 100, dictionarySize: 100 }]
  ways.forEach((options, way) => put(
    `${name}-hyparquet-${way}.parquet`,
    parquetWriteBuffer({ columnData: columnData.map(column => ({ ...column, ...extras(column.type, way) })), ...options })))
}

function revive(type, value) {
  return type === 'INT64' ? BigInt(value) : type === 'BYTE_ARRAY' ? Uint8Array.from(Buffer.from(value, 'hex')) : value
}

function extras(type, way) {
  const encoding = {
    INT32: 'DELTA_BINARY_PACKED', INT64: 'DELTA_BINARY_PACKED', FLOAT: 'BYTE_STREAM_SPLIT', DOUBLE: 'BYTE_STREAM_SPLIT',
    STRING: 'DELTA_BYTE_ARRAY', BYTE_ARRAY: 'DELTA_LENGTH_BYTE_ARRAY', BOOLEAN: 'RLE',
  }[type]
  return way === 1 ? { encoding, columnIndex: true } : way === 2 ? { bloomFilter: type !== 'BOOLEAN' } : {}
}
