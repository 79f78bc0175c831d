namespace Polder.Parquet;

/// <summary>How a leaf's values are stored (parquet.thrift, Type).</summary>
public enum PhysicalType
{
    /// <summary>One bit a value.</summary>
    Boolean = 0,

    /// <summary>Four bytes, little endian.</summary>
    Int32 = 1,

    /// <summary>Eight bytes, little endian.</summary>
    Int64 = 2,

    /// <summary>Twelve bytes: nanoseconds of the day, then the Julian day. Deprecated, still Spark's default.</summary>
    Int96 = 3,

    /// <summary>IEEE 754, 32 bits.</summary>
    Float = 4,

    /// <summary>IEEE 754, 64 bits.</summary>
    Double = 5,

    /// <summary>Bytes of any length.</summary>
    ByteArray = 6,

    /// <summary>Bytes of the length that the schema gives.</summary>
    FixedLenByteArray = 7,
}

/// <summary>How often a field occurs in its parent.</summary>
public enum Repetition
{
    /// <summary>Exactly once.</summary>
    Required = 0,

    /// <summary>At most once.</summary>
    Optional = 1,

    /// <summary>Any number of times.</summary>
    Repeated = 2,
}

/// <summary>How values of a page are encoded. A file may hold numbers that have no name here.</summary>
public enum ParquetEncoding
{
    /// <summary>Back to back; byte arrays with a four-byte length before each.</summary>
    Plain = 0,

    /// <summary>The old name of <see cref="RleDictionary"/>.</summary>
    PlainDictionary = 2,

    /// <summary>The run-length and bit-packing hybrid.</summary>
    Rle = 3,

    /// <summary>Levels packed from the most significant bit; deprecated.</summary>
    BitPacked = 4,

    /// <summary>Deltas of integers, packed in miniblocks.</summary>
    DeltaBinaryPacked = 5,

    /// <summary>Lengths as deltas, then the bytes.</summary>
    DeltaLengthByteArray = 6,

    /// <summary>Lengths shared with the value before, then the suffixes.</summary>
    DeltaByteArray = 7,

    /// <summary>Positions in the chunk's dictionary page.</summary>
    RleDictionary = 8,

    /// <summary>The first bytes of all values, then the second bytes, and so on.</summary>
    ByteStreamSplit = 9,

    /// <summary>Floating point as scaled integers with exceptions (preview).</summary>
    Alp = 10,
}

/// <summary>How pages are compressed.</summary>
public enum CompressionCodec
{
    /// <summary>Not at all.</summary>
    Uncompressed = 0,

    /// <summary>Snappy blocks.</summary>
    Snappy = 1,

    /// <summary>RFC 1952, perhaps several members.</summary>
    Gzip = 2,

    /// <summary>LZO; nobody writes it.</summary>
    Lzo = 3,

    /// <summary>RFC 7932.</summary>
    Brotli = 4,

    /// <summary>LZ4 in one of three framings; deprecated.</summary>
    Lz4 = 5,

    /// <summary>RFC 8878.</summary>
    Zstd = 6,

    /// <summary>One LZ4 block without a frame.</summary>
    Lz4Raw = 7,
}

/// <summary>What a page holds.</summary>
public enum PageType
{
    /// <summary>Levels and values, compressed together.</summary>
    DataPage = 0,

    /// <summary>Reserved; never written.</summary>
    IndexPage = 1,

    /// <summary>The dictionary of a chunk.</summary>
    DictionaryPage = 2,

    /// <summary>Levels uncompressed, values perhaps compressed.</summary>
    DataPageV2 = 3,
}

/// <summary>How minima and maxima of a leaf are compared.</summary>
public enum ColumnOrder
{
    /// <summary>Not stated, or stated in a way unknown here: min_value and max_value mean nothing.</summary>
    Undefined = 0,

    /// <summary>By the type; of floating point, NaN is left out and the sign of zero may be lost.</summary>
    TypeDefined = 1,

    /// <summary>IEEE 754 total order.</summary>
    Ieee754TotalOrder = 2,

    /// <summary>INT96 as an instant.</summary>
    Int96Timestamp = 3,
}

/// <summary>
/// How an edge of a geography runs between two points. The numbers are those of EdgeInterpolationAlgorithm; others are
/// newer than this reader.
/// </summary>
public enum EdgeAlgorithm
{
    /// <summary>Along a great circle of a sphere; where the file says nothing too.</summary>
    Spherical = 0,

    /// <summary>Vincenty's formulae on an ellipsoid.</summary>
    Vincenty = 1,

    /// <summary>Thomas's, of 1970.</summary>
    Thomas = 2,

    /// <summary>Andoyer's, of the first order.</summary>
    Andoyer = 3,

    /// <summary>Karney's, of 2013.</summary>
    Karney = 4,
}
