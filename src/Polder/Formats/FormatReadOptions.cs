using System.Text;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>What to do with columns of the input that a given schema does not name.</summary>
public enum UnknownColumns
{
    /// <summary>Refuse the input.</summary>
    Refuse,

    /// <summary>Read them as what they look like, after the columns of the schema.</summary>
    Infer,

    /// <summary>Leave them out.</summary>
    Ignore,
}

/// <summary>How to read a stream of rows. The defaults suit a file with a header and unknown types.</summary>
public sealed class FormatReadOptions
{
    /// <summary>What to call the input in messages: its path, or null.</summary>
    public string? Path { get; init; }

    /// <summary>The columns and their types, a struct; null = the types are inferred from the first rows.</summary>
    public DataType? Schema { get; init; }

    /// <summary>What to do with columns that <see cref="Schema"/> does not name.</summary>
    public UnknownColumns UnknownColumns { get; init; }

    /// <summary>Rows to infer types from, at most.</summary>
    public int InferenceRows { get; init; } = 10_000;

    /// <summary>Bytes to infer types from, about.</summary>
    public int InferenceBytes { get; init; } = 8 << 20;

    /// <summary>Rows of a batch, at most.</summary>
    public int BatchRows { get; init; } = 8192;

    /// <summary>What the input may ask for: a record of text has <c>TextRecordBytes</c> at most.</summary>
    public Limits Limits { get; init; } = Limits.Default;

    /// <summary>Whether the first row of a CSV or TSV input names the columns.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>What parts the cells of a CSV input; null = a comma (CSV) or a tab (TSV).</summary>
    public char? Delimiter { get; init; }

    /// <summary>The unquoted cell of CSV and TSV that means null; outside strings an empty cell does too.</summary>
    public string NullText { get; init; } = "";

    /// <summary>The encoding of a CSV or TSV input without a byte order mark; null = UTF-8.</summary>
    public Encoding? Encoding { get; init; }
}
