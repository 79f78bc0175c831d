using System;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>Types that a text can be read as without loss. A column has the types that all its texts have.</summary>
[Flags]
internal enum TextForms
{
    /// <summary>Nothing but a string.</summary>
    None = 0,

    /// <summary>true or false.</summary>
    Boolean = 1,

    /// <summary>An integer of 64 bits.</summary>
    Long = 2,

    /// <summary>An integer of up to 38 digits.</summary>
    BigInteger = 4,

    /// <summary>A number that a double holds.</summary>
    Double = 8,

    /// <summary>A date.</summary>
    Date = 16,

    /// <summary>A date, or a date and a time, without a zone.</summary>
    TimestampNtz = 32,

    /// <summary>A date and a time with a zone.</summary>
    Timestamp = 64,

    /// <summary>Anything: what a column is before its first text.</summary>
    Any = 127,
}

/// <summary>Finds out what texts can be read as.</summary>
internal static class TextFormsOf
{
    // Integers beyond this lose digits in a double.
    private const long LargestExactDouble = 1L << 53;

    /// <summary>The forms of one text.</summary>
    public static TextForms Text(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return TextForms.None;
        }

        if (JsonNumber.IsNumber(text, out bool isInteger))
        {
            return Number(text, isInteger);
        }

        if (TextValue.TryParseBoolean(text, out _))
        {
            return TextForms.Boolean;
        }

        return JsonNumber.TryParseDouble(text, out _) ? TextForms.Double : Moment(text);
    }

    /// <summary>The forms of a text that is known not to be meant as a number, as a JSON string.</summary>
    public static TextForms Moment(ReadOnlySpan<byte> text)
    {
        if (text.Length < 8 || !TimeText.TryParseTimestamp(text, out _, out bool hasZone))
        {
            return TextForms.None;
        }

        if (hasZone)
        {
            return TextForms.Timestamp;
        }

        return TimeText.TryParseDate(text, out _) ? TextForms.Date | TextForms.TimestampNtz : TextForms.TimestampNtz;
    }

    /// <summary>The forms that a column of an inferred type takes.</summary>
    public static TextForms Type(DataType type) => type.Kind switch
    {
        TypeKind.Boolean => TextForms.Boolean,
        TypeKind.Byte or TypeKind.Short or TypeKind.Integer or TypeKind.Long =>
            TextForms.Long | TextForms.BigInteger | TextForms.Double,
        TypeKind.Decimal when type.Scale == 0 => TextForms.BigInteger,
        TypeKind.Float or TypeKind.Double => TextForms.Double,
        TypeKind.Date => TextForms.Date | TextForms.TimestampNtz,
        TypeKind.TimestampNtz => TextForms.TimestampNtz,
        TypeKind.Timestamp => TextForms.Timestamp,
        _ => TextForms.None,
    };

    /// <summary>The narrowest type of the forms; STRING where nothing else is left.</summary>
    public static DataType Narrowest(TextForms forms) => forms switch
    {
        _ when forms.HasFlag(TextForms.Boolean) => DataType.Boolean,
        _ when forms.HasFlag(TextForms.Long) => DataType.Long,
        _ when forms.HasFlag(TextForms.BigInteger) => DataType.Decimal(38, 0),
        _ when forms.HasFlag(TextForms.Double) => DataType.Double,
        _ when forms.HasFlag(TextForms.Date) => DataType.Date,
        _ when forms.HasFlag(TextForms.TimestampNtz) => DataType.TimestampNtz,
        _ when forms.HasFlag(TextForms.Timestamp) => DataType.Timestamp,
        _ => DataType.String,
    };

    private static TextForms Number(ReadOnlySpan<byte> text, bool isInteger)
    {
        if (!isInteger)
        {
            return JsonNumber.TryParseDouble(text, out _) ? TextForms.Double : TextForms.None;
        }

        if (JsonNumber.TryParseLong(text, out long value))
        {
            bool isExact = value is >= -LargestExactDouble and <= LargestExactDouble;
            return TextForms.Long | TextForms.BigInteger | (isExact ? TextForms.Double : TextForms.None);
        }

        return JsonNumber.TryParseDecimal(text, 38, 0, out _) ? TextForms.BigInteger : TextForms.None;
    }
}
