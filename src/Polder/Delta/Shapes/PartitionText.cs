using System;
using System.Globalization;
using System.Text;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Delta.Shapes;

/// <summary>
/// PROTOCOL "Partition Value Serialization": partition values as text, both ways. Values are in the forms that a
/// <see cref="Expressions.Literal"/> holds.
/// </summary>
internal static class PartitionText
{
    /// <summary>
    /// The value of a text; false where it is none of the type. Null is null, and so is empty text for every type
    /// but string: the protocol says null there too, but Spark reads what other writers wrote as an empty string.
    /// </summary>
    public static bool TryParse(string? text, DataType type, out object? value)
    {
        value = null;
        if (text is null || (text.Length == 0 && !type.IsText && type.Kind != TypeKind.Binary))
        {
            return true;
        }

        value = type.Kind switch
        {
            TypeKind.String or TypeKind.Char or TypeKind.Varchar => text,
            TypeKind.Binary => Encoding.UTF8.GetBytes(text),
            TypeKind.Boolean => bool.TryParse(text, out bool flag) ? flag : null,
            TypeKind.Byte => sbyte.TryParse(text, Integer, Invariant, out sbyte number) ? number : null,
            TypeKind.Short => short.TryParse(text, Integer, Invariant, out short number) ? number : null,
            TypeKind.Integer => int.TryParse(text, Integer, Invariant, out int number) ? number : null,
            TypeKind.Long => long.TryParse(text, Integer, Invariant, out long number) ? number : null,
            TypeKind.Float =>
                float.TryParse(text, NumberStyles.Float, Invariant, out float number) ? number : null,
            TypeKind.Double =>
                double.TryParse(text, NumberStyles.Float, Invariant, out double number) ? number : null,
            TypeKind.Decimal =>
                DecimalParser.TryParse(Utf8(text), DecimalMath.MaxPrecision, type.Scale, out Int128 number)
                    ? number
                    : null,
            TypeKind.Date => TemporalParser.TryParseDate(Utf8(text), out int days) ? days : null,
            TypeKind.Timestamp or TypeKind.TimestampNtz =>
                TemporalParser.TryParseTimestamp(Utf8(text), Zone.Utc, null, out long micros) ? micros : null,
            _ => null,
        };
        return value is not null;
    }

    /// <summary>The text of a value. Empty text counts as null, as in Spark: the protocol has no other way.</summary>
    public static string? Format(object? value, DataType type) => (type.Kind, value) switch
    {
        (_, null) or (_, "") => null,
        (TypeKind.Boolean, bool flag) => flag ? "true" : "false",
        (TypeKind.Decimal, Int128 unscaled) => DecimalText.Format(unscaled, type.Scale),
        (TypeKind.Date, int days) => TemporalText.FormatDate(days),
        (TypeKind.Timestamp, long microseconds) => TemporalText.FormatTimestamp(microseconds, 'T') + "Z",
        (TypeKind.TimestampNtz, long microseconds) => TemporalText.FormatTimestamp(microseconds, ' '),
        (TypeKind.Float, float number) => TextSink.ToText(sink => NumberText.Write(number, sink)),
        (TypeKind.Double, double number) => TextSink.ToText(sink => NumberText.Write(number, sink)),
        (_, string text) => text,
        (_, IFormattable number) => number.ToString(null, Invariant),
        _ => throw new UnsupportedFeatureException(
            $"partitioning by {type}", "its values have no text form that every engine reads alike"),
    };

    private const NumberStyles Integer = NumberStyles.AllowLeadingSign;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
