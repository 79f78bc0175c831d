using System;
using System.Globalization;

namespace Polder.Delta;

/// <summary>
/// Another writer committed first, in a way that makes this operation wrong if it were committed now. Nothing was
/// changed; do it again from the newest version.
/// </summary>
public abstract class ConcurrentModificationException : Exception
{
    private protected ConcurrentModificationException(long version, string what)
        : base(string.Create(CultureInfo.InvariantCulture, $"version {version}, committed in the meantime, {what}"))
    {
        Version = version;
    }

    /// <summary>The version that got in the way.</summary>
    public long Version { get; }
}

/// <summary>Files were added that this operation would have had to read.</summary>
public sealed class ConcurrentAppendException(long version)
    : ConcurrentModificationException(version, "added rows to what this operation has read");

/// <summary>Files were removed that this operation has read.</summary>
public sealed class ConcurrentDeleteReadException(long version, string path)
    : ConcurrentModificationException(version, $"removed the file {path}, which this operation has read");

/// <summary>Files were removed that this operation removes.</summary>
public sealed class ConcurrentDeleteDeleteException(long version, string path)
    : ConcurrentModificationException(version, $"removed the file {path}, which this operation removes too");

/// <summary>The schema, the partitioning or a property was changed.</summary>
public sealed class MetadataChangedException(long version)
    : ConcurrentModificationException(version, "changed the table's metadata");

/// <summary>The protocol was changed.</summary>
public sealed class ProtocolChangedException(long version)
    : ConcurrentModificationException(version, "changed the table's protocol");

/// <summary>The same application committed: the same load runs twice.</summary>
public sealed class ConcurrentTransactionException(long version, string applicationId)
    : ConcurrentModificationException(version, $"has a transaction of the application {applicationId} too");

/// <summary>A table was created at the same place.</summary>
public sealed class ConcurrentWriteException(long version)
    : ConcurrentModificationException(version, "was written to the same place");

/// <summary>
/// The store's answer to a commit was lost and could not be found out. The commit may be there or not, and its data
/// files were kept: look whether the version carries this transaction id, and only then try again.
/// </summary>
public sealed class CommitStateUnknownException : Exception
{
    /// <summary>Makes the exception.</summary>
    public CommitStateUnknownException(string location, long version, string transactionId, Exception cause)
        : base(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{location}: whether version {version} was committed is unknown (transaction {transactionId}); " +
                $"look for the id in that version before trying again"),
            cause)
    {
        Version = version;
        TransactionId = transactionId;
    }

    /// <summary>The version that was tried.</summary>
    public long Version { get; }

    /// <summary>The commit's <c>txnId</c>.</summary>
    public string TransactionId { get; }
}
