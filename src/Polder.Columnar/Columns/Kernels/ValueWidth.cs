namespace Polder.Columns.Kernels;

/// <summary>How wide values are where they are put together into keys.</summary>
internal static class ValueWidth
{
    /// <summary>Bytes that a value takes in a key; -1 where that varies.</summary>
    public static int Of(DataType type) => type.Kind switch
    {
        TypeKind.Void => 0,
        TypeKind.Boolean or TypeKind.Byte => 1,
        TypeKind.Short => 2,
        TypeKind.Integer or TypeKind.Float or TypeKind.Date or TypeKind.YearMonthInterval => 4,
        TypeKind.Long or TypeKind.Double or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampNtz or
            TypeKind.DayTimeInterval => 8,
        TypeKind.Decimal => type.Precision <= 18 ? 8 : 16,
        _ => -1,
    };

    /// <summary>Whether values are byte strings.</summary>
    public static bool IsBytes(DataType type) => type.IsText || type.Kind == TypeKind.Binary;
}
