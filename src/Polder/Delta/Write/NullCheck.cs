using System.Globalization;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Delta.Write;

/// <summary>
/// NOT NULL columns and fields. A field inside a null struct is no violation: there is no value that it would be a
/// field of.
/// </summary>
internal static class NullCheck
{
    /// <exception cref="ConstraintViolationException">A value is null that may not be; names it.</exception>
    public static void Check(RecordBatch batch, DataType schema, long firstRow)
    {
        for (int index = 0; index < schema.Fields.Count; index++)
        {
            StructField field = schema.Fields[index];
            Check(batch.Column(index).Data, field.Type, field.Nullable, field.Name, parent: null, firstRow);
        }
    }

    private static void Check(
        ArrayData data, DataType type, bool isNullable, string path, ArrayData? parent, long firstRow)
    {
        Validity validity = Validity.Of(data);
        if (!isNullable && validity.HasNulls)
        {
            Validity outer = parent is null ? default : Validity.Of(parent);
            for (int row = 0; row < data.Length; row++)
            {
                if (validity.IsNull(row) && (parent is null || outer.IsValid(row)))
                {
                    throw new ConstraintViolationException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"the column {path} is NOT NULL, and row {firstRow + row} has no value in it"));
                }
            }
        }

        switch (type.Kind)
        {
            case TypeKind.Struct:
                for (int index = 0; index < type.Fields.Count; index++)
                {
                    StructField field = type.Fields[index];
                    Check(
                        ArrayBuffers.StructField(data, index), field.Type, field.Nullable, $"{path}.{field.Name}", data,
                        firstRow);
                }

                break;
            case TypeKind.Array:
                Check(data.Children[0], type.Element!, type.ContainsNull, path + ".element", null, firstRow);
                break;
            case TypeKind.Map:
                Check(
                    ArrayBuffers.StructField(data.Children[0], 1), type.Element!, type.ContainsNull, path + ".value",
                    null, firstRow);
                break;
            default:
                break;
        }
    }
}
