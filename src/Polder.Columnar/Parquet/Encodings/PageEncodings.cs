namespace Polder.Parquet.Encodings;

/// <summary>What this reader says of encodings it meets where they do not belong.</summary>
internal static class PageEncodings
{
    /// <summary>What is thrown for an encoding that a type has not (here).</summary>
    public static UnsupportedFeatureException Unsupported(ParquetEncoding encoding, string type) =>
        new($"Parquet encoding {encoding} of {type}", "no reader for it is here; rewrite the file with another one");

    /// <summary>Whether values are positions in the chunk's dictionary.</summary>
    public static bool IsDictionary(this ParquetEncoding encoding) =>
        encoding is ParquetEncoding.PlainDictionary or ParquetEncoding.RleDictionary;
}
