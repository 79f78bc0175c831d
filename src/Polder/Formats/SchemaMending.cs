using System;
using System.Collections.Generic;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>Finds the type that a misfit value and what came before it both fit.</summary>
internal static class SchemaMending
{
    private const int MaxDigits = 38;

    /// <summary>A type that holds what <paramref name="type"/> holds and the text too.</summary>
    public static DataType Widen(DataType type, ReadOnlySpan<byte> text)
    {
        text = text.Trim((byte)' ');
        if (type.Kind == TypeKind.Decimal && JsonNumber.IsNumber(text, out _) && text.IndexOfAny("eE"u8) < 0)
        {
            ReadOnlySpan<byte> digits = text.TrimStart((byte)'-');
            int point = digits.IndexOf((byte)'.');
            int whole = int.Max(type.Precision - type.Scale, point < 0 ? digits.Length : point);
            int scale = int.Max(type.Scale, point < 0 ? 0 : digits.Length - point - 1);
            return whole + scale <= MaxDigits ? DataType.Decimal(whole + scale, scale) : DataType.String;
        }

        return TextFormsOf.Narrowest(TextFormsOf.Text(text) & TextFormsOf.Type(type));
    }

    /// <summary>A struct with one field's type replaced.</summary>
    public static DataType Replace(DataType structType, int fieldIndex, DataType fieldType)
    {
        List<StructField> fields = [.. structType.Fields];
        StructField field = fields[fieldIndex];
        fields[fieldIndex] = new StructField(field.Name, fieldType, field.Nullable, field.Metadata);
        return DataType.Struct(fields);
    }

    /// <summary>A struct with one more field.</summary>
    public static DataType Add(DataType structType, string name, DataType fieldType) =>
        DataType.Struct([.. structType.Fields, new StructField(name, fieldType)]);
}
