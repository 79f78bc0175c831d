using System.Globalization;
using Polder.Columns;
using Polder.Expressions.Syntax;

namespace Polder.Expressions.Pruning;

/// <summary>
/// The value of a string constant that is cast, as in <c>day = '2024-01-01'</c>; texts that need more care than
/// statistics are worth are left unread.
/// </summary>
internal static class ConstantText
{
    public static bool TryRead(string text, DataType type, bool sessionIsUtc, out object? value)
    {
        value = null;
        switch (type.Kind)
        {
            case TypeKind.Date when DatetimeText.TryParseDate(text, out int days):
                value = days;
                return true;
            case TypeKind.TimestampNtz
                when DatetimeText.TryParseTimestamp(text, applyZone: false, out long wall, out _):
                value = wall;
                return true;
            case TypeKind.Timestamp
                when DatetimeText.TryParseTimestamp(text, applyZone: true, out long instant, out bool hasZone) &&
                    (hasZone || sessionIsUtc):
                value = instant;
                return true;
            case TypeKind.Long
                when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number):
                value = number;
                return true;
            case TypeKind.Integer
                when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int small):
                value = small;
                return true;
            case TypeKind.String:
                value = text;
                return true;
            default:
                return false;
        }
    }
}
