using System;
using System.Buffers;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>Reads one value from its text into a column.</summary>
internal static class TextValue
{
    /// <summary>Appends the value that a text stands for; false where the type has no such value.</summary>
    /// <param name="builder">The column, of a type that is not nested.</param>
    /// <param name="text">UTF-8, not empty unless the column is of strings; blanks around a number are ignored.</param>
    public static bool TryAppend(ColumnBuilder builder, ReadOnlySpan<byte> text)
    {
        if (builder.Type.IsText)
        {
            ((BytesBuilder)builder).Append(text);
            return true;
        }

        text = text.Trim((byte)' ');
        return builder switch
        {
            FixedBuilder<long> longs => TryAppendLong(longs, text),
            FixedBuilder<double> doubles => JsonNumber.TryParseDouble(text, out double value) && Add(doubles, value),
            FixedBuilder<float> floats => JsonNumber.TryParseFloat(text, out float value) && Add(floats, value),
            FixedBuilder<int> integers => TryAppendInteger(integers, text),
            FixedBuilder<short> shorts =>
                JsonNumber.TryParseLong(text, out long value) && value == (short)value && Add(shorts, (short)value),
            FixedBuilder<sbyte> bytes =>
                JsonNumber.TryParseLong(text, out long value) && value == (sbyte)value && Add(bytes, (sbyte)value),
            FixedBuilder<Int128> decimals =>
                JsonNumber.TryParseDecimal(text, builder.Type.Precision, builder.Type.Scale, out Int128 value) &&
                Add(decimals, value),
            BooleanBuilder booleans => TryAppendBoolean(booleans, text),
            BytesBuilder binaries => TryAppendHex(binaries, text),
            VoidBuilder => false,
            _ => throw new UnsupportedFeatureException($"reading {builder.Type} from text", "cast it from STRING"),
        };
    }

    /// <summary>true and false in any case.</summary>
    public static bool TryParseBoolean(ReadOnlySpan<byte> text, out bool value)
    {
        value = System.Text.Ascii.EqualsIgnoreCase(text, "true"u8);
        return value || System.Text.Ascii.EqualsIgnoreCase(text, "false"u8);
    }

    private static bool TryAppendBoolean(BooleanBuilder builder, ReadOnlySpan<byte> text)
    {
        if (!TryParseBoolean(text, out bool value))
        {
            return false;
        }

        builder.Append(value);
        return true;
    }

    private static bool TryAppendInteger(FixedBuilder<int> builder, ReadOnlySpan<byte> text) => builder.Type.Kind switch
    {
        TypeKind.Date => TimeText.TryParseDate(text, out int days) && Add(builder, days),
        TypeKind.Integer =>
            JsonNumber.TryParseLong(text, out long value) && value == (int)value && Add(builder, (int)value),
        _ => throw new UnsupportedFeatureException($"reading {builder.Type} from text", "cast it from STRING"),
    };

    private static bool TryAppendLong(FixedBuilder<long> builder, ReadOnlySpan<byte> text)
    {
        switch (builder.Type.Kind)
        {
            case TypeKind.Long:
                return JsonNumber.TryParseLong(text, out long value) && Add(builder, value);
            case TypeKind.Time:
                return TimeText.TryParseTime(text, out long timeOfDay) && Add(builder, timeOfDay);
            case TypeKind.Timestamp:
                return TimeText.TryParseTimestamp(text, out long instant, out _) && Add(builder, instant);
            case TypeKind.TimestampNtz:
                // Dropping a zone would change what the text says.
                return TimeText.TryParseTimestamp(text, out long moment, out bool hasZone) && !hasZone &&
                    Add(builder, moment);
            default:
                throw new UnsupportedFeatureException($"reading {builder.Type} from text", "cast it from STRING");
        }
    }

    private static bool TryAppendHex(BytesBuilder builder, ReadOnlySpan<byte> text)
    {
        byte[] bytes = new byte[text.Length / 2];
        if (Convert.FromHexString(text, bytes, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        builder.Append(bytes);
        return true;
    }

    private static bool Add<T>(FixedBuilder<T> builder, T value)
        where T : unmanaged
    {
        builder.Append(value);
        return true;
    }
}
