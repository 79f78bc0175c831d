using System.Text;
using Polder.Columns;
using Polder.Columns.Values;
using Polder.Expressions.Evaluation.Casts;

namespace Polder.Expressions.Pruning;

/// <summary>
/// The value of a string constant that is cast, as in <c>day = '2024-01-01'</c>, so that a condition whose constants
/// nobody folded is understood too. Types without an order of their own in statistics are left unread.
/// </summary>
internal static class ConstantText
{
    public static bool TryRead(string text, DataType type, bool sessionIsUtc, out object? value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        value = null;
        switch (type.Kind)
        {
            case TypeKind.Date when TemporalParser.TryParseDate(utf8, out int day):
                value = day;
                break;
            case TypeKind.TimestampNtz when TemporalParser.TryParseTimestampNtz(utf8, out long wall):
                value = wall;
                break;
            case TypeKind.Timestamp when sessionIsUtc && IsDated(utf8) &&
                TemporalParser.TryParseTimestamp(utf8, Zone.Utc, ParseTimestamp.UnknownDay, out long instant):
                value = instant;
                break;
            case TypeKind.Long
                when NumberParser.TryParseInteger(utf8, long.MinValue, long.MaxValue, out long number):
                value = number;
                break;
            case TypeKind.Double when NumberParser.TryParseDouble(utf8, out double number):
                value = number;
                break;
            case TypeKind.Boolean when NumberParser.TryParseBoolean(utf8, out bool boolean):
                value = boolean;
                break;
            case TypeKind.String:
                value = text;
                break;
        }

        return value is not null;
    }

    /// <summary>A time of day alone would need the day it is read.</summary>
    private static bool IsDated(byte[] utf8) =>
        TimestampFields.TryParse(utf8, out TimestampFields fields) && !fields.IsTimeOnly;
}
