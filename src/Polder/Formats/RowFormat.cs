using System.IO;

namespace Polder.Formats;

/// <summary>How a file or a stream holds rows.</summary>
public enum RowFormat
{
    /// <summary>Comma-separated text.</summary>
    Csv,

    /// <summary>Tab-separated text.</summary>
    Tsv,

    /// <summary>A JSON array of objects, or one object, or several after each other.</summary>
    Json,

    /// <summary>One JSON object a line.</summary>
    Ndjson,

    /// <summary>Arrow IPC, stream or file.</summary>
    Arrow,

    /// <summary>Parquet, which is not read or written as a stream: see <c>Polder.Files</c>.</summary>
    Parquet,
}

/// <summary>Which format a file name speaks of.</summary>
public static class RowFormats
{
    /// <summary>The format of a path by its extension, null where the extension says nothing.</summary>
    public static RowFormat? FromPath(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CSV" => RowFormat.Csv,
        ".TSV" or ".TAB" => RowFormat.Tsv,
        ".JSON" => RowFormat.Json,
        ".NDJSON" or ".JSONL" => RowFormat.Ndjson,
        ".ARROW" or ".ARROWS" or ".FEATHER" or ".IPC" => RowFormat.Arrow,
        ".PARQUET" => RowFormat.Parquet,
        _ => null,
    };

    /// <summary>The format that a command line names: csv, tsv, json, ndjson (or jsonl), arrow, parquet.</summary>
    public static RowFormat? FromName(string name) => FromPath("." + name);
}
