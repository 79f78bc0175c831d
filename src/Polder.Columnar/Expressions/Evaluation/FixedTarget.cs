using System;
using Polder.Bytes;
using Polder.Columns;

namespace Polder.Expressions.Evaluation;

/// <summary>A fixed-width column that is filled in pieces, each for some rows; rows that none fills are null.</summary>
internal sealed class FixedTarget
{
    private readonly DataType _type;
    private readonly int _count;
    private readonly int _width;
    private readonly byte[] _values;
    private readonly byte[] _validBits;

    private FixedTarget(DataType type, int count, int width)
    {
        _type = type;
        _count = count;
        _width = width;
        _values = new byte[count * width];
        _validBits = new byte[Bitmap.SizeBytes(count)];
    }

    /// <summary>A target of a type, or null where its values have no fixed number of bytes.</summary>
    public static FixedTarget? Create(DataType type, int count)
    {
        int width = type.Kind switch
        {
            TypeKind.Byte => 1,
            TypeKind.Short => 2,
            TypeKind.Integer or TypeKind.Float or TypeKind.Date or TypeKind.YearMonthInterval => 4,
            TypeKind.Long or TypeKind.Double or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampNtz or
                TypeKind.DayTimeInterval => 8,
            TypeKind.Decimal or TypeKind.CalendarInterval => 16,
            _ => 0,
        };
        return width == 0 ? null : new FixedTarget(type, count, width);
    }

    /// <summary>Sets some rows to the values of a column of as many, or of one for all.</summary>
    public void Write(Vector values, ReadOnlySpan<int> rows)
    {
        switch (_width)
        {
            case 1:
                Write<byte>(values, rows);
                break;
            case 2:
                Write<short>(values, rows);
                break;
            case 4:
                Write<int>(values, rows);
                break;
            case 8:
                Write<long>(values, rows);
                break;
            default:
                Write<Int128>(values, rows);
                break;
        }

        for (int index = 0; index < rows.Length; index++)
        {
            if (values.NullCount == 0 || !values.IsNull(index * values.Step))
            {
                Bitmap.Set(_validBits, rows[index]);
            }
        }
    }

    /// <summary>The column.</summary>
    public Vector Build() =>
        Vector.FromValues(_type, _count, _values, Nulls.FromValidBits(_validBits, _count), isConstant: false);

    private void Write<T>(Vector values, ReadOnlySpan<int> rows)
        where T : unmanaged
    {
        ReadOnlySpan<T> sources = values.Values<T>();
        Span<T> targets = ByteCast.As<T>(_values.AsSpan());
        int step = values.Step;
        for (int index = 0; index < rows.Length; index++)
        {
            targets[rows[index]] = sources[index * step];
        }
    }
}
