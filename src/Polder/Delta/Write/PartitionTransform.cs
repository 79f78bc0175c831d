using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;

namespace Polder.Delta.Write;

/// <summary>
/// A partition column that is a part of another column: <c>month(date)</c> is the INT column <c>date_month</c>.
/// </summary>
/// <remarks>
/// The column is an ordinary one, written to the log as any partition column, so that every engine can read the table
/// and the protocol stays (1, 2). That it is derived is a property of the table, <c>polder.partition.date_month</c> =
/// <c>month(date)</c>: Polder's appends fill it, other engines must give it themselves. It is not a generated column of
/// the protocol: that would ask writer version 4 of everybody.
/// </remarks>
internal sealed record PartitionTransform(string Function, string Source)
{
    private const string PropertyPrefix = "polder.partition.";

    private static readonly string[] Functions = ["year", "month", "day", "hour"];

    /// <summary>The name of the physical column.</summary>
    public string Column => $"{Source}_{Function}";

    /// <summary>The value in Spark SQL.</summary>
    public string Expression => $"{Function}(`{Source.Replace("`", "``", StringComparison.Ordinal)}`)";

    public KeyValuePair<string, string?> Property => new(PropertyPrefix + Column, $"{Function}({Source})");

    /// <summary>The transform that a text names, or null where it is the name of a column.</summary>
    public static PartitionTransform? TryParse(string text)
    {
        int open = text.IndexOf('(');
        if (open < 0 || !text.EndsWith(')'))
        {
            return null;
        }

        string function = text[..open].Trim().ToLowerInvariant();
        return Functions.Contains(function)
            ? new PartitionTransform(function, text[(open + 1)..^1].Trim())
            : throw new UnsupportedFeatureException(
                $"partitioning by {function}(…)", $"columns and {string.Join("(c), ", Functions)}(c) are possible");
    }

    /// <summary>The transforms that a table's properties record.</summary>
    public static List<PartitionTransform> FindAll(IReadOnlyDictionary<string, string?> configuration) =>
        [.. configuration
            .Where(pair => pair.Key.StartsWith(PropertyPrefix, StringComparison.Ordinal) && pair.Value is not null)
            .Select(pair => TryParse(pair.Value!))
            .OfType<PartitionTransform>()];

    /// <summary>Throws unless the column can be derived from the schema.</summary>
    public void Check(DataType schema)
    {
        int index = schema.IndexOf(Source);
        TypeKind? kind = index < 0 ? null : schema.Fields[index].Type.Kind;
        bool fits = Function == "hour"
            ? kind is TypeKind.Timestamp or TypeKind.TimestampNtz
            : kind is TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampNtz;
        if (!fits)
        {
            throw new ArgumentException(index < 0
                ? $"{Function}({Source}): there is no column {Source}"
                : $"{Function}({Source}): {Source} is {schema.Fields[index].Type}, no date or time with that part");
        }
    }
}
