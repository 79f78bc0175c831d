using System;
using System.Text;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>
/// Rows that a text input does not hold as its schema says: a value of another type, a row of another width, a
/// column nobody knows, or text that is not of its format.
/// </summary>
public sealed class InputFormatException : CorruptFileException
{
    internal InputFormatException(string detail, string? path, InputPosition position, Exception? innerException = null)
        : base(position.Describe() + detail, path, -1, innerException)
    {
        RowNumber = position.RowNumber;
        LineNumber = position.LineNumber;
    }

    /// <summary>The 1-based number of the data row (a header is none), or 0 where the damage is not in a row.</summary>
    public long RowNumber { get; }

    /// <summary>The 1-based line of the input that the row, or the damage in it, begins on; 0 where unknown.</summary>
    public long LineNumber { get; }

    /// <summary>The column, dotted where nested; null where the damage is not in a column.</summary>
    public string? Column { get; private init; }

    /// <summary>The value, shortened; null where there is none.</summary>
    public string? Value { get; private init; }

    /// <summary>A schema (as <c>--schema</c> takes it) that the value fits; null where no schema would help.</summary>
    public string? MendingSchema { get; private init; }

    /// <summary>A value that its column's type does not hold.</summary>
    internal static InputFormatException Misfit(
        string? path, InputPosition position, string column, DataType type, ReadOnlySpan<byte> value, DataType mended)
    {
        string text = Shorten(value);
        string schema = SchemaText.Format(mended);
        string detail = $"column {column} is {SchemaText.FormatType(type)}, which does not hold '{text}'; " +
            $"read it with --schema '{schema}'";
        return new InputFormatException(detail, path, position)
        {
            Column = column,
            Value = text,
            MendingSchema = schema,
        };
    }

    /// <summary>A column that the schema does not have.</summary>
    internal static InputFormatException UnknownColumn(
        string? path, InputPosition position, string column, DataType mended)
    {
        string schema = SchemaText.Format(mended);
        string detail = $"column {column} is not in the schema; read it with --schema '{schema}'";
        return new InputFormatException(detail, path, position) { Column = column, MendingSchema = schema };
    }

    private static string Shorten(ReadOnlySpan<byte> value)
    {
        string text = Encoding.UTF8.GetString(value[..int.Min(value.Length, 200)]);
        return text.Length > 80 ? text[..77] + "..." : text;
    }
}

/// <summary>Where in an input something stands; 0 where unknown.</summary>
/// <param name="RowNumber">1-based number of the data row.</param>
/// <param name="LineNumber">1-based line.</param>
/// <param name="ByteInLine">1-based byte of the line.</param>
internal readonly record struct InputPosition(long RowNumber, long LineNumber = 0, long ByteInLine = 0)
{
    public string Describe()
    {
        StringBuilder text = new();
        Append(text, "row ", RowNumber);
        Append(text, "line ", LineNumber);
        Append(text, "byte ", ByteInLine);
        return text.Length == 0 ? "" : text.Append(": ").ToString();
    }

    private static void Append(StringBuilder text, string label, long number)
    {
        if (number > 0)
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(label)
                .Append(System.Globalization.CultureInfo.InvariantCulture, $"{number}");
        }
    }
}
