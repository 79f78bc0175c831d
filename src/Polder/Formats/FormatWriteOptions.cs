namespace Polder.Formats;

/// <summary>How Arrow IPC is laid out.</summary>
public enum ArrowLayout
{
    /// <summary>A file where the target can seek, else a stream.</summary>
    Automatic,

    /// <summary>Messages one after the other: what a pipe takes.</summary>
    Stream,

    /// <summary>The stream between magic numbers, with a footer that finds every batch.</summary>
    File,
}

/// <summary>How to write a stream of rows.</summary>
public sealed class FormatWriteOptions
{
    /// <summary>Whether CSV and TSV begin with the names of the columns.</summary>
    public bool WriteHeader { get; init; } = true;

    /// <summary>What parts the cells of CSV; null = a comma (CSV) or a tab (TSV). An ASCII character.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The cell of CSV and TSV that means null.</summary>
    public string NullText { get; init; } = "";

    /// <summary>How Arrow IPC is laid out.</summary>
    public ArrowLayout ArrowLayout { get; init; }
}
